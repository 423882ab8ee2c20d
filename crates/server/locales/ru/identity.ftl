# Личности: кто может быть одним человеком, в каком состоянии данные, что изменилось и что сказали сотрудники.

nav-identity = Личности
identity-line = Кто один человек, кто может им быть и насколько мы уверены.
identity-tabs = Части страницы
identity-tab-review = Проверка
identity-tab-health = Состояние
identity-tab-changes = Изменения
identity-tab-said = Сказано сотрудниками
identity-looking = Просматриваем всех: { $done } из { $of }
undo = Отменить
because = Почему? Хранится вместе с ответом; можно не писать.
open-person = Открыть человека

review-total = { $count ->
    [one] { $count } пара может быть одним человеком.
    [few] { $count } пары могут быть одним человеком.
    [many] { $count } пар могут быть одним человеком.
   *[other] { $count } пары могут быть одним человеком.
}
review-order = Сначала самый ценный ответ: вероятность, умноженная на деньги, которые ждут или теряются, пока никто не знает.
review-keys = Клавиши:
review-alone = Только эта пара
review-more = Следующие пары появятся, когда будут ответы на эти.
review-none = Никто не может оказаться кем-то другим. Отвечать не на что.
review-pair = Это один человек?
review-worth = Цена ответа { $amount }
review-held = Этого ответа ждут корзины на { $amount }.
review-wasted = Оба в одном сценарии: о корзинах на { $amount } написали бы дважды.
review-unsure-since = никто не смог решить,
answer-same = Один человек
answer-not-the-same = Разные люди
answer-unsure = Не знаю
answer-taken-back = Отозвано
answered-same = Отныне это один человек.
answered-not-the-same = Отныне это разные люди.
answered-unsure = Решить никто не может: пара уходит в конец.

compared = Сравнение
compared-name = Имя
compared-birth-date = Дата рождения
compared-address = Адрес
compared-orders = Заказы без возврата
compared-seen = Был виден
likeness-same = одинаково
likeness-different = различается
likeness-missing = нет данных

weights-title = О чём говорят записи
weights-sum = всего { $bits } бит: { $percent } вероятность, что это один человек
weights-line = О чём сами по себе говорят имена, даты, места и контакты. Решения опираются на долю выше.

health-persons = людей
health-identifiers = идентификаторов
health-pairs = пар на проверку
health-shared = значений, никого не связывающих
health-contradictions = предотвращено противоречий
health-at = По состоянию на
health-days = Соединено и разделено по дням
health-days-label = За 30 дней соединений { $joined }, разделений { $parted }.
health-sizes = Идентификаторов на человека
health-size-more = { $from } и больше
health-largest = Люди с наибольшим числом идентификаторов
health-largest-none = Ни у кого нет больше одного идентификатора.
health-has = { $count ->
    [one] { $count } идентификатор
    [few] { $count } идентификатора
    [many] { $count } идентификаторов
   *[other] { $count } идентификатора
}
health-observed = { $count ->
    [one] { $count } наблюдение
    [few] { $count } наблюдения
    [many] { $count } наблюдений
   *[other] { $count } наблюдения
}
health-shared-title = Значения, никого не связывающие
health-shared-none = Нет значений, которыми пользуется больше людей, чем допускает их вид.
health-shared-line = Ими пользуется столько людей, что они ничего не доказывают. Соединённое ими снова разделено.
health-people = { $count ->
    [one] { $count } человек
    [few] { $count } человека
    [many] { $count } человек
   *[other] { $count } человека
}
health-changes-hands = один после другого
health-block = Заблокировать навсегда
health-block-line = Значение, которое ничьё, лучше исключить с самого начала. Опубликуйте это вместе с вашими определениями:
health-contradictions-title = Предотвращённые противоречия
health-contradictions-none = Ни одно наблюдение не противоречит другому.
health-contradictions-line = Замечены вместе, но у одного человека столько таких не бывает: они раздельны, пока кто-нибудь не скажет иначе.
health-blocked = Значения, которые ничьи
health-blocked-line = Они исключаются, откуда бы ни пришли.

changes-none = Пока никого не соединяли и не разделяли.
changes-before = { $count ->
    [one] раньше { $count } человек
    [few] раньше { $count } человека
    [many] раньше { $count } человек
   *[other] раньше { $count } человека
}
change-joined = Соединены
change-parted = Разделены
change-moved = Перемещено
change-erased = Удалено
said-none = Пока никто ничего не говорил о людях.
said-by = сказал(а) { $name }

identity-history = Как это сложилось
history-named = впервые замечено:
history-joined = стали одним:
history-parted = разделены:
history-stated = сотрудники сказали о:
