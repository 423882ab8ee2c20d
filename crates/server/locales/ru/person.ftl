# Единый вид покупателя.

spent = Потрачено без возвратов
orders-kept = Заказы
with-returns = { $count ->
    [one] { $count } с возвратом
    [few] { $count } с возвратом
    [many] { $count } с возвратом
   *[other] { $count } с возвратом
}
known-since = Знакомы с
first-seen = Впервые
last-seen-label = Последний раз
events = События
not-known-yet = Пока неизвестно, кто это

person-reach = Можно ли написать этому человеку?
person-reach-short = Связь
reach-empty = Ни один канал не настроен.
reach-yes = Да
reach-no = Нет
reach-later = Не сейчас
reach-later-until = Не раньше { $until }
no-address = нет адреса

person-cart = Корзина
cart-empty = В корзину ещё ничего не клали.
cart-nothing-open = Открытых строк нет.
cart-closed = Закрыто
added = добавлено
closed-at = { $place }

enrollments-empty = Пока ни в одном сценарии.
ended = конец
due = срок
entered-at = вход
steps-passed = Пройдено шагов: { $passed } из { $all }

person-decisions = Решения
decisions-empty = Об этом человеке ещё ничего не решалось.

person-path = Путь
path-empty = Контактов пока нет.
before-known = До того, как мы узнали, кто это
known-again = Снова известно, кто это
became-known = знакомство
later-by = через { $span }

person-timeline = Лента
timeline-empty = В этом канале ничего нет.
arrived-later = пришло через { $span }

person-orders = Заказы и возвраты
orders-empty = Заказов пока нет ни в одном канале.
order = Заказ
where = Где
products = Товары
state = Состояние
total = Сумма
no-lines = не указано
not-told = не указано
seen-by = по данным: { $sources }

messages-empty = Сообщений пока нет.

person-identity = Почему эти записи — один человек
person-identity-short = Личность
identity-empty = Одна-единственная запись.
identity-evidence = Замечены вместе
identity-twins = Возможно, тот же человек
twins-none = Похожих записей нет.
likely-same = вероятность, что это один человек
speaks-for = за
speaks-against = против

identity-said = Сказано сотрудниками
take-back = Отозвать
twin-same = Один человек
twin-apart = Разные люди
seen-with = { $count ->
    [one] встречался с { $count } другим
    [few] встречался с { $count } другими
    [many] встречался с { $count } другими
   *[other] встречался с { $count } другими
}
