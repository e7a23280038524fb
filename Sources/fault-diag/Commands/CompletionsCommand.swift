import ArgumentParser

/// Prints a script that completes commands and options in a shell.
struct CompletionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completions",
    abstract: "Print the completion script for a shell.",
    usage: "fault-diag completions <shell>",
    discussion: """
      Example: fault-diag completions bash > ~/.local/share/bash-completion/completions/fault-diag
      zsh: fault-diag completions zsh > a folder of $fpath, as _fault-diag
      fish: fault-diag completions fish > ~/.config/fish/completions/fault-diag.fish
      """)

  /// The shells that a script can be made for.
  enum Shell: String, ExpressibleByArgument, CaseIterable {
    case bash, zsh, fish

    var completionShell: CompletionShell {
      switch self {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    }
  }

  @Argument(help: "bash, zsh or fish.")
  var shell: Shell

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    output.console.result(FaultDiagCommand.completionScript(for: shell.completionShell))
  }
}
