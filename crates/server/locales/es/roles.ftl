# Quién puede entrar, qué puede hacer cada rol y qué se hizo.

role-owner = Titular
role-marketer = Marketing
role-service-desk = Atención al cliente
role-analyst = Analista

right-look = Verlo todo y probar lo que no cambia nada
right-tell = Con una clave: canjear códigos en caja, decir hasta dónde llega una fuente de datos
right-answer = Decir quién es quién y atender lo que piden los recorridos
right-give = Dar a una persona un código de una oferta
right-repair = Reparar o descartar lo que no se entendió
right-define = Escribir y publicar segmentos, recorridos y mensajes
right-switch = Pausar los envíos y reanudarlos
right-disclose = Entregar todo lo que se guarda de una persona
right-erase = Borrar a una persona
right-manage = Decir quién puede hacer qué; claves y canales

refused-needs = «{ $right }» es para estos roles: { $roles }.
refused-yours = El tuyo es: { $role }. Un titular puede cambiarlo en la página «Quién puede entrar».

users-title = Quién puede entrar
users-line = Cada uno tiene un rol. Lo que un rol no puede hacer no se le ofrece, y se rechaza si se pide.
users-people = Personas
users-you = (tú)
users-role = Rol
users-role-save = Cambiar rol
users-last-owner = Es el único titular: nombra antes a otro.
users-remove = Quitar
users-remove-who = Quitar a { $name }
users-new-password = Contraseña nueva
users-password-save = Guardar contraseña
users-add-title = Alguien nuevo
users-add = Añadir
users-rights = Qué puede hacer cada rol
users-right = Permiso
users-scope = Alcance de una clave de API
users-may = sí
users-may-not = no
users-acts = Qué se hizo
users-acts-none = Todavía nada.
users-act-when = Cuándo
users-act-who = Quién
users-act-what = Qué
users-act-came = Qué resultó
users-act-done = hecho
users-act-refused = rechazado
users-act-failed = no se hizo

account-title = Tu cuenta
account-may = Qué puedes hacer
account-old-password = Contraseña de hoy
account-new-password = Contraseña nueva

user-problem-name = Da un nombre de 1 a 100 caracteres.
user-problem-taken = Ya hay alguien con ese nombre. Cambia arriba su rol o su contraseña.
user-problem-unknown = Ya no hay nadie con ese nombre.
user-problem-incomplete = Un usuario nuevo necesita un rol y una contraseña.
user-problem-password = Una contraseña tiene al menos 8 caracteres.
user-problem-wrong-password = Esa no es tu contraseña de hoy.
user-problem-too-many = Demasiados intentos. Espera un cuarto de hora y prueba otra vez.
user-problem-last-owner = Tiene que haber un titular. Nombra antes a otra persona.

notice-user-changed = Hecho: vale desde este momento.
erase-not-yours = Borrar es cosa de un titular: pídeselo y dale la dirección de esta página.
