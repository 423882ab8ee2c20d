# What journeys ask staff to see to.

notices = For you to do
notices-line = What journeys ask somebody of the shop to see to.
notices-none = Nothing to do. A journey asks with the step “notify”.
notices-older = Older ones
notices-open = Open
notices-done = Done lately
notice-to-do = To do
notice-is-done = Done
notice-done-by = done by { $name },
notice-do = Done
notice-undo = Not done
notice-noted-done = Noted as done. “See all” takes it back.
notice-noted-open = It is open again.
