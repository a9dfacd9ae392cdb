//! How deep a compact proof goes, found out before it is expanded.
//!
//! The decoder keeps every node whose children are still to come, at more than a kilobyte each, however few bytes the
//! node has. A path of nodes with one child each would have it keep all of them. No key is so long that an honest proof
//! comes near [`MAX_DEPTH`].

use super::Layout;
use sp_trie::{NodePlan, TrieLayout};
use trie_db::{node::NodeHandlePlan, NodeCodec};

type Codec = <Layout as TrieLayout>::Codec;

/// The deepest path that is expanded. A node takes at least one nibble of a key, and the longest key has 184.
pub(super) const MAX_DEPTH: usize = 256;

/// Whether the decoder would keep at most [`MAX_DEPTH`] nodes. Where a node does not decode, it would end too.
pub(super) fn is_bounded(proof: &[Vec<u8>]) -> bool {
    // How many children each node on the path still waits for.
    let mut path = Vec::<usize>::new();
    let mut items = proof.iter();
    while let Some(item) = items.next() {
        let node = match item.split_first() {
            // The node's value comes next.
            Some((first, node)) if Codec::ESCAPE_HEADER == Some(*first) => {
                items.next();
                node
            }
            _ => item,
        };
        let Some(children) = omitted_children(node) else { return true };
        if children > 0 {
            path.push(children);
            if path.len() > MAX_DEPTH {
                return false;
            }
            continue;
        }
        // It is complete, and so is each node that waited for nothing else.
        while let Some(waiting) = path.last_mut() {
            *waiting -= 1;
            if *waiting > 0 {
                break;
            }
            path.pop();
        }
    }
    true
}

/// How many children of a node follow it instead of being named; `None` if it is no node.
fn omitted_children(node: &[u8]) -> Option<usize> {
    match Codec::decode_plan(node).ok()? {
        NodePlan::NibbledBranch { children, .. } => {
            let omitted =
                |child: &&NodeHandlePlan| matches!(child, NodeHandlePlan::Inline(at) if at.is_empty());
            Some(children.iter().flatten().filter(omitted).count())
        }
        _ => Some(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Branches without a partial key: with one child that follows, and with two.
    const ONE: &[u8] = &[0x80, 0x01, 0x00, 0x00];
    const TWO: &[u8] = &[0x80, 0x03, 0x00, 0x00, 0x00];
    /// A leaf with an empty value.
    const LEAF: &[u8] = &[0x40, 0x00];

    fn proof(nodes: &[&[u8]]) -> Vec<Vec<u8>> {
        nodes.iter().map(|node| node.to_vec()).collect()
    }

    #[test]
    fn a_path_ends() {
        assert!(is_bounded(&proof(&[ONE; MAX_DEPTH])));
        assert!(!is_bounded(&proof(&[ONE; MAX_DEPTH + 1])));
        assert!(is_bounded(&proof(&[&[ONE; MAX_DEPTH][..], &[LEAF]].concat())));
    }

    #[test]
    fn what_is_complete_is_not_kept() {
        // One trie after the other, and a path of nodes whose second child ends it.
        assert!(is_bounded(&proof(&[TWO, LEAF, LEAF].repeat(1_000))));
        assert!(is_bounded(&proof(&[&[TWO; 200][..], &[LEAF; 201], &[ONE; MAX_DEPTH]].concat())));
        assert!(!is_bounded(&proof(&[&[TWO; 200][..], &[LEAF; 200], &[ONE; MAX_DEPTH]].concat())));
    }

    #[test]
    fn values_are_no_nodes() {
        let escaped = [&[0x01], ONE].concat();
        assert!(is_bounded(&proof(&[&escaped[..], ONE].repeat(MAX_DEPTH))));
        assert!(!is_bounded(&proof(&[&escaped[..], ONE].repeat(MAX_DEPTH + 1))));
    }

    #[test]
    fn the_decoder_refuses_what_is_no_node() {
        assert!(is_bounded(&proof(&[&[&[0xff][..]], &[ONE; 300][..]].concat())));
        assert!(is_bounded(&[]));
    }
}
