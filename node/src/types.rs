//! What the large parts of a node are, as types.

use wonbon_runtime::{apis::RuntimeApi, opaque::Block};

/// Runs the chain's runtime.
pub(crate) type Executor = sc_executor::WasmExecutor<sp_io::SubstrateHostFunctions>;
/// Executes blocks and answers questions about the chain.
pub(crate) type Client = sc_service::TFullClient<Block, RuntimeApi, Executor>;
/// Keeps blocks and state.
pub(crate) type Backend = sc_service::TFullBackend<Block>;
/// Keeps transactions that wait for a block.
pub(crate) type Pool = sc_transaction_pool::TransactionPoolHandle<Block, Client>;
