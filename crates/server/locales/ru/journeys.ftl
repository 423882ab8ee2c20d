# Сценарии.

journeys-line = Кто где находится и почему.
journeys-empty = Сценариев пока нет. Начните новый здесь или опишите его в файле и примените.
journeys-equation = На каждом шаге: вошли = вышли + ждут + прошли. Удержанные входят в число ждущих; отправленные и пропущенные — в число прошедших.
version = версия
journey-entry = Начало
journey-goal = Цель
journey-exit = Конец сразу
journey-entered = Вошли
journey-reached = { $count ->
    [one] { $count } достиг цели
    [few] { $count } достигли цели
    [many] { $count } достигли цели
   *[other] { $count } достигли цели
}
journey-steps = Шаги сценария { $journey }
step = Шаг
column-in = Вошли
column-left = вышли
column-waiting = ждут
column-done = прошли
does-not-balance = не сходится
