import Plotting

/// How the page of a report looks: light and dark, from 400 px to 1600 px, and on paper.
enum PageStyle {
  static let sheet =
    """
    :root { color-scheme: light dark; }
    body { margin: 0 auto; padding: 14px; max-width: 1560px; font: 15px/1.45 system-ui, "DejaVu Sans", sans-serif;
      color: #1f2328; background: #ffffff; overflow-wrap: anywhere; }
    h1 { font-size: 1.4rem; margin: 0.2rem 0; }
    h2 { font-size: 1.1rem; margin: 0; display: inline; }
    h3 { font-size: 0.95rem; margin: 0.9rem 0 0.2rem; }
    p, ul { margin: 0.3rem 0; max-width: 90ch; }
    a { color: inherit; }
    table { border-collapse: collapse; width: 100%; margin: 0.4rem 0; }
    th, td { text-align: left; vertical-align: top; padding: 4px 8px; border-bottom: 1px solid #d8dce0;
      overflow-wrap: break-word; }
    th { font-weight: 600; font-size: 0.85rem; }
    .wide { overflow-x: auto; max-width: 1000px; }
    .summary td:first-child { border-left: 5px solid transparent; min-width: 9em; }
    .summary tr.u4 td:first-child, .summary tr.u3 td:first-child { border-left-color: #c4322b; }
    .summary tr.u2 td:first-child { border-left-color: #c77700; }
    .summary tr.u1 td:first-child { border-left-color: #b8a300; }
    .summary td:first-child, .summary td:last-child { overflow-wrap: anywhere; }
    .small { font-size: 0.85rem; opacity: 0.8; }
    details { border-top: 1px solid #8c959f; margin-top: 14px; padding-top: 8px; }
    summary { cursor: pointer; }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 14px; margin: 0.4rem 0; }
    dt { font-weight: 600; }
    dd { margin: 0; }
    .plots { display: grid; gap: 12px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 560px), 1fr)); }
    figure { margin: 0; break-inside: avoid; }
    figure svg { display: block; width: 100%; height: auto; max-width: 720px; }
    footer { margin-top: 20px; border-top: 1px solid #8c959f; }
    @media (max-width: 700px) {
      .summary, .summary tbody, .summary tr, .summary td { display: block; }
      .summary thead { display: none; }
      .summary tr { margin-bottom: 10px; border-bottom: 1px solid #d8dce0; }
      .summary td { border-bottom: 0; padding: 1px 8px; }
      .summary tr { border-left: 5px solid transparent; }
      .summary td:first-child { border-left: 0; }
      .summary tr.u4, .summary tr.u3 { border-left-color: #c4322b; }
      .summary tr.u2 { border-left-color: #c77700; }
      .summary tr.u1 { border-left-color: #b8a300; }
      .summary td::before { content: attr(data-name) ": "; font-size: 0.85rem; opacity: 0.75; }
      dl { grid-template-columns: 1fr; }
      dd { margin-bottom: 4px; }
    }
    @media (prefers-color-scheme: dark) {
      body { color: #e3e6e9; background: #14171a; }
      th, td, .summary tr { border-bottom-color: #30363c; }
    }
    @media print {
      body { max-width: none; padding: 0; font-size: 12px; }
      details { break-before: page; }
      details::details-content { content-visibility: visible; block-size: auto; }
      .plots { grid-template-columns: 1fr 1fr; }
      .summary tr { break-inside: avoid; }
    }

    """ + PlotStyle.sheet
}
