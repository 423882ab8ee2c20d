# Scores: what is learned from people, and said of one.

nav-scores = Оценки
nav-offers = Предложения
scores-line = Что люди, вероятно, сделают: выведено из ваших же покупателей, с мерой доверия.
person-scores = Оценки
scores-empty = Пока ничего не выведено. Когда появятся заказы, обучите модель: это занимает секунды.
computed-from = Вычисляется так: { $figure }
computed-nothing = Пока вычислить не из чего: { $figure }
scores-fit = Обучить заново
scores-fit-first = Обучить сейчас
scores-fitting = Обучение: { $done } из { $whole }
score-not-yet = Пока неизвестно: модель не обучена.

score-stage = Стадия
stage-why-nothing = Присматривался и пока ничего не купил.
stage-why-first-purchase = Первая покупка: дней назад — { $silent }; следующая обычно бывает через { $rhythm } дн.
stage-why-active = Обычно покупает раз в { $rhythm } дн.; с последней покупки прошло дней: { $silent }.
stage-why-loyal = Не меньше пяти раз подряд держал ритм около { $rhythm } дн.; с последней покупки прошло дней: { $silent }.
stage-why-lapsing = { $purchases ->
    [1] Вторая покупка обычно бывает через { $rhythm } дн., а с первой прошло уже { $silent }: больше чем вдвое дольше.
   *[other] Обычно покупает раз в { $rhythm } дн., а молчит уже { $silent }: больше чем вдвое дольше.
}
stage-why-lost = { $purchases ->
    [1] Вторая покупка обычно бывает через { $rhythm } дн., а с первой прошло уже { $silent }: больше чем вчетверо дольше.
   *[other] Обычно покупает раз в { $rhythm } дн., а молчит уже { $silent }: больше чем вчетверо дольше.
}
stage-why-won-back = Отсутствовал больше чем вдвое дольше обычных { $rhythm } дн. и снова купил; с тех пор прошло дней: { $silent }.
stage-why-advocacy = За последний год рассказывал о магазине другим.

score-engagement = Вовлечённость
score-engagement-why = Вовлечён больше, чем { $percent } % людей. Больше всего значат: { $acts }.
score-engagement-none = В последнее время ничего не делал.
act-visit = посещения
act-look = просмотр товаров
act-want = добавление в корзину
act-buy = покупки
act-click = переходы из сообщений и рекламы
act-voice = отзывы, публикации и вопросы
score-alive = Ещё покупатель
score-alive-why = Насколько вероятно, что когда-нибудь будет ещё покупка, после { $purchases ->
    [one] { $purchases } покупки
    [few] { $purchases } покупок
    [many] { $purchases } покупок
   *[other] { $purchases } покупок
} и { $silent ->
    [one] { $silent } дня
    [few] { $silent } дней
    [many] { $silent } дней
   *[other] { $silent } дней
} молчания.
score-alive-assumed = Сказать нельзя: выученная модель считает покупателем каждого, кто покупал столько же раз. Больше скажут этап и риск ухода.
score-expected = Ожидается за { $days } дн.
score-expected-why = Заказов: около { $orders }, по { $each } каждый, если всё пойдёт как у похожих людей.
score-churn = Риск ухода
score-churn-why = Примерно { $percent } таких людей ничего не купили за { $days } дн.
score-rfm = RFM
score-rfm-why = Давность { $recency } из 5 (дней назад: { $silent }), частота { $frequency } из 5 ({ $purchases ->
    [one] { $purchases } покупка
    [few] { $purchases } покупки
    [many] { $purchases } покупок
   *[other] { $purchases } покупки
}), деньги { $money } из 5 ({ $spent }).
rfm-champions = Чемпионы
rfm-loyal = Постоянные
rfm-potential-loyal = Могут стать постоянными
rfm-new = Новые
rfm-need-attention = Требуют внимания
rfm-about-to-sleep = Засыпают
rfm-at-risk = Под угрозой
rfm-cannot-lose = Нельзя потерять
rfm-hibernating = Спят
score-likes = Больше всего нравится
score-likes-why = { $what }: { $share } того, что человек покупает и смотрит; { $bought ->
    [0] пока только смотрел
    [one] куплено и оставлено в { $bought } заказе
    [few] куплено и оставлено в { $bought } заказах
    [many] куплено и оставлено в { $bought } заказах
   *[other] куплено и оставлено в { $bought } заказа
}.
score-outlier = Не такой покупатель, как другие
score-outlier-why = Сотрудник, перекупщик или больше { $days } дней с покупками: в обучении не участвует.

scores-model = Модель
scores-fitted = Обучена { $when }, покупателей: { $buyers }
scores-outliers = Оставлено в стороне как непохожие на покупателей: { $count }
scores-parameters = Параметры
scores-parameter-line = Каждый со стандартной ошибкой
scores-likelihood = Логарифм правдоподобия
scores-used = используется
scores-not-used = не используется
scores-comparison = Проверено тем, что было
scores-comparison-line = От каждой модели скрыли последнюю часть истории, она её предсказала, и это сравнили. Модели, которые не лучше простого темпа, не используются; остальные используются вместе.
scores-comparison-none = История слишком коротка, чтобы скрыть её часть: ожидания ещё не проверены.
scores-hidden = Скрыто: { $from } — { $to }
scores-column-model = Модель
scores-column-came = Было
scores-column-expected = Ожидалось
scores-column-off = Ошибка на человека
scores-column-total = В сумме
scores-plain-rate = простой темп
scores-churn = Риск ухода: сказанный и случившийся
scores-churn-line = Покупатели по сказанному риску, десятыми долями: сколько из каждой ничего не купили за { $days } дн. На линии риски таковы, какими бывают.
scores-churn-none = Слишком мало покупателей или слишком короткая история, чтобы проверить риски.
scores-brier = Средний квадрат ошибки { $brier }; если всем говорить среднее — { $mean }.
scores-column-told = Сказано
scores-column-buyers = Покупатели
scores-rfm = Давность, частота, деньги
scores-rfm-line = Покупатели по тому, как давно (сверху вниз) и как часто и на сколько (слева направо) они покупали.
scores-cell = Давность { $recency }, частота и деньги { $value }: { $people }
scores-groups = Группы
scores-migration = Откуда они пришли
scores-migration-line = Группы 90 дней назад и теперь.
scores-column-from = Было
scores-column-to = Стало
scores-column-people = Люди
scores-had-not-bought = ещё не покупали
scores-stages = Стадии
scores-flow = Переходы между стадиями
scores-flow-line = Стадии 90 дней назад и теперь.
scores-forecast = Чего ожидать
scores-forecast-row = За { $days } дн.
scores-column-orders = Заказы
scores-column-value = Сумма
scores-segments = Готовые сегменты
scores-segments-line = Условия, которые можно перенести в сегмент.
scores-segment-big = Крупные покупатели
scores-segment-loyal = Постоянные покупатели
scores-segment-future = Будущие крупные покупатели
scores-segment-lapsing = Отдаляющиеся, которых стоит вернуть
scores-value = Стоимость заказа
scores-weights = Что считает вовлечённость
scores-weights-learned = Выведено из покупок: { $count }.
scores-weights-usual = Обычные веса: покупок было слишком мало, чтобы вывести другие.
scores-cell-title = Давность { $recency }, частота и деньги { $value }
scores-cell-line = Покупателей: { $people }. Сегмент обновляется сам: кто попадает в клетку, с этого момента в нём.
scores-segment-make = Создать сегмент
