# Mensajes en el sitio de la tienda.
step-show = Mostrar en el sitio
edit-slot = Hueco de la página
edit-for = Durante cuánto tiempo
decision-shown = Mostrado en el sitio
decision-clicked = Seguido en el sitio
decision-dismissed = Cerrado en el sitio
event-site-shown = Vio un mensaje en el sitio
event-site-clicked = Siguió un mensaje en el sitio
event-site-dismissed = Cerró un mensaje en el sitio
site-now = En el sitio en este momento
site-now-until = en el hueco «{ $slot }» hasta { $until }
site-now-proof = El sitio lo muestra a quien inicia sesión; un navegador que solo se reconoce no recibe nada de esto.
