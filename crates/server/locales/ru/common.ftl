# Рамка каждой страницы, время и то, что говорят несколько страниц.

skip-to-content = К содержанию
nav-label = Главное
nav-today = Сегодня
nav-people = Люди
nav-segments = Сегменты
nav-journeys = Сценарии
nav-sources = Источники
nav-quarantine = Карантин
nav-outbox = Исходящие
nav-waiting = { $count ->
    [one] { $count } ждёт вас
    [few] { $count } ждут вас
    [many] { $count } ждут вас
   *[other] { $count } ждут вас
}
language-label = Язык
sign-out = Выйти
close = Закрыть
search = Найти
see-all = Показать все
all = Все
never = Никогда
until = до
details = Подробности
show-as-table = Показать таблицей
contents-label = На этой странице
filter-label = Отбор

help-title = Клавиатура
help-search = Найти человека
help-rows = Следующая строка, предыдущая строка
help-open = Открыть строку
help-help = Эта подсказка
help-close = Закрыть

why = Почему?
why-of = Почему? { $what }
known-then = Решено по всему, что было известно до позиции { $position } журнала.
held-until = удержано не дольше чем до { $until }
open-message = Открыть сообщение
anonymous = Неизвестный посетитель

pager-label = Страницы
pager-newest = Самые новые
pager-older = Раньше
pager-total = всего { $count }
rows = { $count ->
    [one] { $count } строка
    [few] { $count } строки
    [many] { $count } строк
   *[other] { $count } строки
}
orders = { $count ->
    [0] заказов нет
    [one] { $count } заказ
    [few] { $count } заказа
    [many] { $count } заказов
   *[other] { $count } заказа
}

day-today = Сегодня
day-yesterday = Вчера
moment-yesterday = вчера { $clock }
moment-tomorrow = завтра { $clock }
moment-date-clock = { $date } { $clock }
moment-just-now = только что
moment-ago = { $span } назад
moment-ahead = через { $span }
date-day-month = { $day } { $month }
date-day-month-year = { $day } { $month } { $year }
date-weekday-date = { $weekday }, { $date }
span-seconds = { $count } с
span-minutes = { $count } мин
span-hours = { $count } ч
span-days = { $count } дн.
time-not-told = Время суток не указано
month-1 = янв.
month-2 = февр.
month-3 = марта
month-4 = апр.
month-5 = мая
month-6 = июня
month-7 = июля
month-8 = авг.
month-9 = сент.
month-10 = окт.
month-11 = нояб.
month-12 = дек.
weekday-1 = Понедельник
weekday-2 = Вторник
weekday-3 = Среда
weekday-4 = Четверг
weekday-5 = Пятница
weekday-6 = Суббота
weekday-7 = Воскресенье
weekday-short-1 = пн
weekday-short-2 = вт
weekday-short-3 = ср
weekday-short-4 = чт
weekday-short-5 = пт
weekday-short-6 = сб
weekday-short-7 = вс

news = Есть новое: показать
