# Linking by likeness: models, and what another would change.

identity-tab-linking = Linking
kept-model-in-force = The model in force
kept-model-learned = The learned model
kept-model-former = The model before
kept-model-built-in = The built-in model
kept-model-nobody = Likeness joins nobody
linking-models = Models
linking-in-force = In force
linking-learned = Learned, and waiting
linking-former = Before
linking-nobody-in-force = Likeness joins nobody: people are one by what was seen alone. Try a model below, then apply it.
linking-nobody = Likeness joins nobody.
linking-built-in = Built in, and careful.
linking-records = { $count ->
    [one] Learned from { $count } record.
   *[other] Learned from { $count } records.
}
linking-lines = Sure from { $sure }, possible from { $possible }.
linking-undo = Go back to it
linking-learn-line = Learning reads the records of all persons and changes nothing. What it learns waits here until you apply it.
linking-learn = Learn from our records
linking-told = What came of it
linking-learning = Learning
linking-trying = Building again from the log
linking-stop = Stop
linking-stopped = Stopped. Nothing was changed.
linking-failed = It failed. The program’s log says why; nothing was changed.
linking-was-learned = { $count ->
    [one] A model was learned from { $count } record. Try it, then apply it.
   *[other] A model was learned from { $count } records. Try it, then apply it.
}
linking-too-few = { $count ->
    [one] There are too few records with a name: { $count } is needed.
   *[other] There are too few records with a name: { $count } are needed. Import customers first.
}
linking-too-long = The log holds { $count } events, and no more than { $most } are built again beside the server. The command line does it on a copy:
linking-rounds = Rounds of learning
linking-round = Round
linking-settled = settled
linking-matches = Pairs of one person
linking-moved = Moved
linking-wrong-busy = A model is being learned or tried. Wait for its end, or stop it.
linking-wrong-no-share = Write shares between 0 and 100 %, such as 95.
linking-wrong-crossed = What is sure would not be possible: let “possible” be at most “sure”.
linking-wrong-no-lines = Where likeness joins nobody there are no lines to draw: leave them empty.
linking-wrong-other-model = The models are others by now. Try it again before you apply it.
what-if = What if
what-if-line = Everything is built again beside the shop and compared. Nothing is changed and nobody is written to.
what-if-model = Model
what-if-sure = Sure from (%)
what-if-possible = Possible from (%)
what-if-own = as the model says
what-if-try = Try it
what-if-persons = { $before } persons today, { $after } then.
what-if-merges = { $count ->
    [0] Nobody would be made of several of today’s persons.
    [one] { $count } person would be made of several of today’s.
   *[other] { $count } persons would be made of several of today’s.
}
what-if-splits = { $count ->
    [0] Nobody of today would part.
    [one] { $count } of today’s persons would part.
   *[other] { $count } of today’s persons would part.
}
what-if-messages = { $count ->
    [0] No message of the last 30 days went to any of them.
    [one] { $count } message of the last 30 days went to them; { $repeated } of them told one person the same again.
   *[other] { $count } messages of the last 30 days went to them; { $repeated } of them told one person the same again.
}
what-if-merging = Would be one
what-if-splitting = Would part
what-if-other-rules = Other definitions were tried with it: publish them to apply them.
what-if-apply = Apply it
what-if-apply-line = Everybody is looked at again in the background, and messages wait until that is done. You can go back at any time.
