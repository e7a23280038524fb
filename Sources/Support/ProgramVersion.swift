/// The version of the program, written into every file it makes.
package enum ProgramVersion {
  package static let text = "0.1.0"
}
