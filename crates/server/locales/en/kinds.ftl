# Kinds of identifiers, and their limits.

kinds-title = Kinds of identifiers
kinds-table = Kinds and their limits
kinds-line = In the order in which they count. Where not everything that was seen can be true of one person, what stands further down gives way.
kinds-kind = Kind
kinds-per-person = Per person at most
kinds-logins = Logins with one value at most
kinds-idle = Given to somebody else after
kinds-never = never
kinds-at-once = at once
