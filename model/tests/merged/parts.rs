//! States as the explorer takes them: small, because each part that occurs has a number.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Mutex;

use super::state::{LEASES, PLACES, Spot, Stored, World};

/// A state: the numbers of its places, then of its leases.
pub type Packed = [u32; PLACES + 1];

/// Every part that has occurred.
#[derive(Default)]
pub struct Parts(Mutex<(Table<Spot>, Table<[Stored; LEASES]>)>);

impl Parts {
    pub fn pack(&self, world: &World) -> Packed {
        let (spots, leases) = &mut *self.0.lock().expect("nobody panicked");
        std::array::from_fn(|at| match world.spots.get(at) {
            Some(&spot) => spots.number(spot),
            None => leases.number(world.leases),
        })
    }

    pub fn unpack(&self, packed: Packed) -> World {
        let (spots, leases) = &*self.0.lock().expect("nobody panicked");
        World {
            spots: std::array::from_fn(|at| spots.items[packed[at] as usize]),
            leases: leases.items[packed[PLACES] as usize],
        }
    }
}

struct Table<T> {
    /// By the hash of the part.
    numbers: BTreeMap<u64, Vec<u32>>,
    items: Vec<T>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Table { numbers: BTreeMap::new(), items: Vec::new() }
    }
}

impl<T: Copy + Eq + Hash> Table<T> {
    fn number(&mut self, item: T) -> u32 {
        let mut hasher = DefaultHasher::new();
        item.hash(&mut hasher);
        let numbers = self.numbers.entry(hasher.finish()).or_default();
        if let Some(&known) = numbers.iter().find(|&&known| self.items[known as usize] == item) {
            return known;
        }
        let next = u32::try_from(self.items.len()).expect("fewer than 2^32 parts");
        numbers.push(next);
        self.items.push(item);
        next
    }
}
