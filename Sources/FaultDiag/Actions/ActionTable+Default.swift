extension ActionTable {
  /// The table inside the program as a user would write it.
  ///
  /// Urgency orders a report: 0 nothing to do, 1 watch, 2 plan, 3 soon, 4 now. A bearing's fault grows over weeks to
  /// months from its first lines; velocity rises last, so zone C or D beside a fault shortens the time.
  package static let defaultText = """
    # What fault-diag report says to do, and until when. Edit the words and give the file with --actions.
    #
    # Sections are findings with a zone of ISO 20816-3 (A, B, C, D), or with `any` for every other case.
    # urgency orders the report: 0 nothing to do, 1 watch, 2 plan, 3 soon, 4 now.
    # What a file leaves out keeps these words.

    [normal.any]
    urgency = 0
    action = "None."
    deadline = "next routine recording"

    [normal.C]
    urgency = 2
    action = "The bearing is quiet, but the machine shakes: check balance, alignment and foundation."
    deadline = "within four weeks"

    [normal.D]
    urgency = 4
    action = "The bearing is quiet, but the machine shakes enough to be damaged: find out why before it \
    runs on."
    deadline = "within 24 hours"

    [suspected.any]
    urgency = 1
    action = "Record again, for longer or under load."
    deadline = "within a week"

    [suspected.C]
    urgency = 2
    action = "Record again, and check balance, alignment and foundation."
    deadline = "within three days"

    [suspected.D]
    urgency = 4
    action = "The machine shakes enough to be damaged: find out why before it runs on."
    deadline = "within 24 hours"

    [changed.any]
    urgency = 2
    action = "The machine sounds unlike its healthy recordings: record again, and look at the bands that \
    differ."
    deadline = "within a week"

    [changed.C]
    urgency = 3
    action = "Unlike its healthy recordings, and it shakes: inspect the machine."
    deadline = "within three days"

    [changed.D]
    urgency = 4
    action = "Unlike its healthy recordings, and it shakes enough to be damaged: find out why before it \
    runs on."
    deadline = "within 24 hours"

    [outer.any]
    urgency = 2
    action = "Confirm with a second recording; then order the bearing and plan its replacement."
    deadline = "within four weeks"

    [outer.C]
    urgency = 3
    action = "Confirm with a second recording; then replace the bearing, and check its seat and load."
    deadline = "within a week"

    [outer.D]
    urgency = 4
    action = "Confirm at once, and replace the bearing before the machine runs on."
    deadline = "within 24 hours"

    [inner.any]
    urgency = 3
    action = "Confirm with a second recording; then order the bearing and plan its replacement."
    deadline = "within two weeks"

    [inner.C]
    urgency = 3
    action = "Confirm with a second recording; then replace the bearing, and check the shaft's fit."
    deadline = "within a week"

    [inner.D]
    urgency = 4
    action = "Confirm at once, and replace the bearing before the machine runs on."
    deadline = "within 24 hours"

    [ball.any]
    urgency = 3
    action = "Confirm with a second recording; then order the bearing, plan its replacement, and look at \
    the grease."
    deadline = "within two weeks"

    [ball.C]
    urgency = 3
    action = "Confirm with a second recording; then replace the bearing, and look at the grease."
    deadline = "within a week"

    [ball.D]
    urgency = 4
    action = "Confirm at once, and replace the bearing before the machine runs on."
    deadline = "within 24 hours"

    [cage.any]
    urgency = 3
    action = "Confirm with a second recording; cages fail without much notice: replace the bearing."
    deadline = "within a week"

    [cage.D]
    urgency = 4
    action = "Confirm at once, and replace the bearing before the machine runs on."
    deadline = "within 24 hours"

    [other.any]
    urgency = 2
    action = "Confirm with a second recording; then inspect the machine for what the state names."
    deadline = "within two weeks"

    [other.C]
    urgency = 3
    action = "Confirm with a second recording; then inspect the machine."
    deadline = "within a week"

    [other.D]
    urgency = 4
    action = "Inspect the machine before it runs on."
    deadline = "within 24 hours"

    [unknown.any]
    urgency = 1
    action = "Nothing could be said: follow the warnings, most often by giving speed and bearing."
    deadline = "before the next recording"

    [unknown.C]
    urgency = 2
    action = "The bearing could not be judged, and the machine shakes: check balance, alignment and \
    foundation."
    deadline = "within four weeks"

    [unknown.D]
    urgency = 4
    action = "The machine shakes enough to be damaged: find out why before it runs on."
    deadline = "within 24 hours"

    [failed.any]
    urgency = 2
    action = "Nobody listened to this machine: repair what the reason names, and record again."
    deadline = "within two days"

    """
}
