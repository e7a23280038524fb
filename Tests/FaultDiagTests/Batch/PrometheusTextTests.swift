import Testing

@testable import FaultDiag

@Suite struct PrometheusTextTests {
  @Test func metricsAreASnapshot() {
    let entries = ReportExamples.entries([
      ReportExamples.row("a.wav", asset: "fan \"7\"\\\n\u{1B}", velocity: 3.5, zone: .b),
      ReportExamples.row("b.wav", state: "outer", asset: "fan \"7\"\\\n\u{1B}", velocity: 2),
      ReportExamples.row("c.wav", state: nil, status: .failed),
      ReportExamples.row("d.pdf", state: nil, status: .skipped),
    ])
    let asset = #"{asset="fan \"7\"\\\n\\u{1b}"}"#
    #expect(
      PrometheusText.text(entries) == """
        # HELP fault_diag_recordings Inputs of the last report by status.
        # TYPE fault_diag_recordings gauge
        fault_diag_recordings{status="ok"} 2
        fault_diag_recordings{status="warning"} 0
        fault_diag_recordings{status="skipped"} 1
        fault_diag_recordings{status="failed"} 1
        # HELP fault_diag_alarms Recordings of the last report in alarm.
        # TYPE fault_diag_alarms gauge
        fault_diag_alarms 1
        # HELP fault_diag_unknown Recordings of the last report that could not be judged.
        # TYPE fault_diag_unknown gauge
        fault_diag_unknown 0
        # HELP fault_diag_asset_urgency Highest urgency of an asset, 0 nothing to do to 4 now.
        # TYPE fault_diag_asset_urgency gauge
        fault_diag_asset_urgency{asset="c.wav"} 2
        fault_diag_asset_urgency\(asset) 2
        # HELP fault_diag_asset_alarm Whether a recording of an asset is in alarm.
        # TYPE fault_diag_asset_alarm gauge
        fault_diag_asset_alarm{asset="c.wav"} 0
        fault_diag_asset_alarm\(asset) 1
        # HELP fault_diag_asset_velocity_rms_meters_per_second Highest vibration velocity of an asset, root mean square \
        from 10 Hz to 1 kHz.
        # TYPE fault_diag_asset_velocity_rms_meters_per_second gauge
        fault_diag_asset_velocity_rms_meters_per_second\(asset) 0.0035

        """)
  }
}
