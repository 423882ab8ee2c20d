# Messages on the shop's own site.
step-show = Show on the site
edit-slot = Slot on the page
edit-for = For how long
decision-shown = Shown on the site
decision-clicked = Followed on the site
decision-dismissed = Closed on the site
event-site-shown = Saw a message on the site
event-site-clicked = Followed a message on the site
event-site-dismissed = Closed a message on the site
site-now = On the site at this moment
site-now-until = in the slot “{ $slot }” until { $until }
site-now-proof = The site shows this to whoever signs in; a browser that is merely recognised gets none of it.
