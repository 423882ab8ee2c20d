# Домохозяйства: кто живёт вместе.

household = Домохозяйство
household-none = Не известно, чтобы кто-то жил с этим человеком.
household-line = Они живут вместе и остаются разными людьми.
household-through = вместе с { $name }
household-said = Сотрудники говорят, что они живут вместе.
household-home = Они указали один адрес, и фамилия у них общая.
household-shared = { $people ->
    [one] Пользуется { $people } человек:
    [few] Пользуются { $people } человека:
    [many] Пользуются { $people } человек:
   *[other] Пользуются { $people } человека:
}
household-apart = Не живут вместе
household-together = Живут вместе
edge-said-together = Сотрудники говорят: живут вместе
edge-said-not-together = Сотрудники говорят: не живут вместе
answer-live-together = Живут вместе
answer-live-apart = Не живут вместе
answer-household-taken-back = О домохозяйстве: отозвано
event-household = Сказано о том, где они живут
notice-household-said = Записано. Отозвать можно в карточке «Почему эти записи — один человек».
