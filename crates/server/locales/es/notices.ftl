# Lo que los recorridos piden al personal.

notices = Para hacer
notices-line = Lo que los recorridos piden que alguien de la tienda atienda.
notices-none = Nada que hacer. Un recorrido lo pide con el paso “notify”.
notices-older = Anteriores
notices-open = Pendiente
notices-done = Hecho hace poco
notice-to-do = Por hacer
notice-is-done = Hecho
notice-done-by = hecho por { $name },
notice-do = Hecho
notice-undo = No hecho
notice-noted-done = Anotado como hecho. En “Ver todo” se deshace.
notice-noted-open = Vuelve a estar pendiente.
