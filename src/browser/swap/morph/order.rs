//! Which of the children that are kept can stay where they are, so that few are moved.

/// For each child of the new order, given by its old place, whether it stays. Those that stay are the longest run of
/// children that stand in their order already; a pinned one is always among them.
pub(super) fn staying(sequence: &[usize], pinned: Option<usize>) -> Vec<bool> {
    if is_in_order(sequence) {
        return vec![true; sequence.len()];
    }
    let pinned =
        pinned.and_then(|pinned| Some((sequence.iter().position(|place| *place == pinned)?, pinned)));
    // Of each length the run that ends with the smallest place, by its last member.
    let mut runs: Vec<(usize, usize)> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(sequence.len());
    for (at, place) in sequence.iter().copied().enumerate() {
        // What stands on the other side of the pinned child than it did must move.
        if pinned.is_some_and(|(pinned_at, pinned)| at.cmp(&pinned_at) != place.cmp(&pinned)) {
            before.push(None);
            continue;
        }
        let length = runs.partition_point(|(last, _)| *last < place);
        let shorter = length.checked_sub(1).and_then(|shorter| runs.get(shorter));
        before.push(shorter.map(|(_, at)| *at));
        match runs.get_mut(length) {
            Some(run) => *run = (place, at),
            None => runs.push((place, at)),
        }
    }
    let mut stays = vec![false; sequence.len()];
    let mut member = runs.last().map(|(_, at)| *at);
    while let Some(at) = member {
        if let Some(stays) = stays.get_mut(at) {
            *stays = true;
        }
        member = before.get(at).copied().flatten();
    }
    stays
}

/// Whether nothing has to move at all.
pub(super) fn is_in_order(sequence: &[usize]) -> bool {
    sequence.is_sorted()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(sequence: &[usize], pinned: Option<usize>, expected: &[usize]) {
        let stays = staying(sequence, pinned);
        let kept: Vec<_> = sequence.iter().zip(stays).filter(|(_, stays)| *stays).collect();
        let kept: Vec<_> = kept.into_iter().map(|(place, _)| *place).collect();
        assert_eq!(kept, expected, "{sequence:?} {pinned:?}");
    }

    #[test]
    fn the_longest_run_stays() {
        check(&[], None, &[]);
        check(&[0, 1, 2], None, &[0, 1, 2]);
        check(&[3, 7, 9], None, &[3, 7, 9]);
        check(&[3, 0, 1, 2], None, &[0, 1, 2]);
        check(&[1, 2, 3, 0], None, &[1, 2, 3]);
        check(&[2, 1, 0], None, &[0]);
        check(&[0, 4, 2, 3, 1, 5], None, &[0, 2, 3, 5]);
    }

    #[test]
    fn a_pinned_child_stays() {
        check(&[3, 0, 1, 2], Some(3), &[3]);
        check(&[0, 4, 2, 3, 1, 5], Some(4), &[0, 4, 5]);
        check(&[2, 1, 0], Some(1), &[1]);
        check(&[2, 1, 0], Some(9), &[0]);
    }

    fn shuffled() -> impl Strategy<Value = Vec<usize>> {
        (0..9usize).prop_flat_map(|length| Just((0..length).collect::<Vec<_>>()).prop_shuffle())
    }

    /// The length of the longest run by trying all of them.
    fn longest(sequence: &[usize], pinned: Option<usize>) -> usize {
        let runs = (0..1usize << sequence.len()).filter_map(|chosen| {
            let members = sequence
                .iter()
                .enumerate()
                .filter(|(at, _)| chosen >> at & 1 == 1);
            let run: Vec<_> = members.map(|(_, place)| *place).collect();
            let has_pinned = pinned.is_none_or(|pinned| run.contains(&pinned));
            (run.is_sorted() && has_pinned).then_some(run.len())
        });
        runs.max().unwrap_or_default()
    }

    proptest! {
        #[test]
        fn it_is_a_run_and_none_is_longer(sequence in shuffled(), pin in any::<Option<prop::sample::Index>>()) {
            let pinned = pin.filter(|_| !sequence.is_empty()).map(|pin| sequence[pin.index(sequence.len())]);
            let stays = staying(&sequence, pinned);
            let run: Vec<_> = sequence.iter().zip(&stays).filter(|(_, stays)| **stays).map(|(place, _)| *place).collect();
            prop_assert!(run.is_sorted());
            prop_assert_eq!(run.len(), longest(&sequence, pinned));
            prop_assert!(pinned.is_none_or(|pinned| run.contains(&pinned)));
        }
    }
}
