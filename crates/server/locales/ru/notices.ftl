# О чём сценарии просят сотрудников.

notices = Нужно сделать
notices-line = О чём сценарии просят кого-нибудь из магазина.
notices-none = Делать нечего. Сценарий просит шагом «notify».
notices-older = Более ранние
notices-open = Открыто
notices-done = Недавно сделано
notice-to-do = Сделать
notice-is-done = Сделано
notice-done-by = сделал { $name },
notice-do = Сделано
notice-undo = Не сделано
notice-noted-done = Отмечено как сделанное. Вернуть можно в полном списке.
notice-noted-open = Снова открыто.
