# Doble confirmación: la página en la que alguien confirma un sí, y lo que se dice de ello en otras.

confirm-title = ¿Quiere recibir mensajes de { $shop }?
confirm-line = Alguien pidió estos mensajes para { $address }. No llega ninguno hasta que diga que sí aquí.
confirm-yes = Sí, escríbanme
confirm-not-you = ¿No fue usted? Entonces no haga nada y no llegará nada.
confirm-done = Gracias
confirm-done-line = Está confirmado. Cada mensaje dice cómo dejar de recibirlos.
confirm-expired = Este enlace es demasiado antiguo
confirm-expired-line = Pida los mensajes otra vez y use el enlace del correo nuevo.
confirm-nothing = No hay nada que confirmar
confirm-nothing-line = Ya nadie espera un sí de esta dirección: se retiró, o la tienda ha dejado de preguntar.

reason-consent_unconfirmed = La persona dijo que sí y aún no lo ha confirmado
reason-nothing_to_confirm = Ningún sí espera confirmación
told-said_yes_unconfirmed = dijo que sí a { $purpose } por { $channel } y no lo ha confirmado
consent-unconfirmed = Dijo que sí, sin confirmar
event-consent-confirmed = Confirmó un sí
ledger-confirmed = confirmado
