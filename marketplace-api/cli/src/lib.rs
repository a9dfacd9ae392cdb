//! The `wonbon` command as a library: what the binary is made of, and what tests reuse.
//!
//! `commands` puts the client crate and the pure ones together, one file for each noun. What a table is, is said by
//! `wonbon_profile`. Rules of the marketplace are not here: they are the chain's.
//!
//! # What programs can rely on
//!
//! - With `--json` a command prints one object on standard output, also when it fails; `deliver` prints one a
//!   line for each [event](events), and with `--once` a last one. Everything else goes to standard error.
//! - [Exit codes](exit::EXIT_CODES) and the names of fields do not change; fields may be added.
//! - 32-byte values are 64 hexadecimal digits, accounts SS58, amounts whole won, heights block numbers. A record is what
//!   the service's API answers: a form of [`wonbon_model::json`].
//!
//! | Command | Object |
//! | --- | --- |
//! | any that fails | `error { code, kind, message, advice?, name? }`; after a refund the trade stands beside it |
//! | `key new`, `key show` | `account, file`; `key list`: `keys [{ name, account, file }]` |
//! | `company register`, `update`, `show`, … | [`Participant`]; after a change also `transaction { block, block_hash, index, hash, fee }`; `show --all`: `companies […]` |
//! | `company apply` | `file, account, profile, joining, application`; `invite`: `file, company, roles [], day_limit, expires`; `join`: `file, company, member, joining` |
//! | `company members` | `at, company, name`, [`Company`](wonbon_model::json::Company), `people [`[`Member`](wonbon_model::json::Member)`]` |
//! | `company add`, `company change` | [`Member`](wonbon_model::json::Member), `transaction`; `leave`, `remove`: `company, member, done, transaction` |
//! | `company establish`, `company recover propose`, `… cancel` | as `authority …`; `recover object`, `… complete`: `company, done, transaction` |
//! | `authority …` | `done, by, motion, company?, transaction` |
//! | `publish` | [`Offer`] with `title`, `method` |
//! | `search` | `source: "service", offers [{ id, title, price, dataset, … }]` |
//! | `show`, `offer …` | [`Offer`] (`show` adds `draw`, `document`), [`Dataset`] with `draw`, `parents […]`, `royalties […]`, `version_of`, `versions […]`, `handovers […]`, `handover_to`, `attestations […]`, `offers […]`, `document`; [`OrderView`] or [`Participant`] |
//! | `buy` | [`Trade`] with `file`, `length`, `resumed`, `seconds` |
//! | `order …` | [`OrderView`]: `state`, with `order` while it is open and `trade` once it is `final`; `list`: `orders […]` |
//! | `deliver` | `event: "watching"`, `"order_seen"`, `"delivered"`, `"not_delivered"`, `"finality_behind"`, …; `--once`: `delivered [], not_delivered []` |
//! | `announcement …` | `list`: `account, announcements [{ announcement, at, deposit }]`; `cancel`: `cancelled [{ …, transaction }], released` |
//! | `history` | `source: "chain", at, trades […]` |
//! | `provenance` | `source: "chain", at, dataset, datasets [{ …, draw, royalties [], versions [], handovers [], handover_to, attestations [] }], children [], ancestors_complete, handover_to` |
//! | `certificate` | `file, format, bytes, certificate, claims_digest, dataset, genesis, block, block_hash, time, trades, ancestors, …` |
//! | `trust-anchor` | `file, anchor { genesis, block, set_id, authorities [], time?, note? }` |
//! | `audit ledger` | `source: "chain", file, format, trades, bytes, period, genesis, as_of { block, block_hash, time }` |
//! | `audit report` | `source: "chain", format, genesis, as_of, period, trades, paid_trades, paid, rules [], findings [{ rule, summary, companies [], facts [], trade_count, trades_left_out, trades [] }], companies []` |
//! | `audit downloads` | `source: "service", downloads [{ sealed_root, account, requests, bytes, first_at_ms, last_at_ms }], complete` |
//! | `dataset …` | `dataset, done, attestation, transaction` |
//! | `balance` | `account, free, held, at` |
//! | `seal` | `package, key_file, dataset, sealed_root, key_commitment, length, seconds` |
//! | `open`, `hash` | `file, dataset, length, seconds` |
//! | `profile` | [`wonbon_profile::Profile`] with `length` |
//! | `sample OFFER` | `dataset, length, blocks, chosen { blocks, rows [], … }?, fair` ([`Draw`]), which has `shown_blocks [], drawn_blocks [], shows_rows, columns?, rows [], all_rows` once the file is checked |
//! | `sample publish`, `sample answer` | `dataset, kind, blocks, of_blocks, shown_bytes, given_away, digest, bytes`; of a fair one also `drawn, shows_rows, ruled_out` |
//! | `prove` | `proof, dataset, rows, visible_rows, blocks, bytes, given_away` |
//! | `check-rows` | `dataset, length, kind, from, row_begins_proved, blocks [], columns [], rows [{ offset?, row?, text, cut? }], checked_against` |
//! | `help …` | `help`; `help exit-codes`: `exit_codes [{ code, kind, meaning }]` |
//! | `synthesise` | `file, rows, bytes, seed, synthetic` |
//!
//! [`Dataset`]: wonbon_model::json::Dataset
//! [`Draw`]: wonbon_model::json::Draw
//! [`Offer`]: wonbon_model::json::Offer
//! [`OrderView`]: wonbon_model::json::OrderView
//! [`Participant`]: wonbon_model::json::Participant
//! [`Trade`]: wonbon_model::json::Trade

pub mod arguments;
mod blocking;
pub mod command_line;
mod commands;
pub mod context;
pub mod data_file;
pub mod descriptions;
pub mod events;
pub mod exit;
pub mod failures;
pub mod files;
pub mod guessable;
pub mod lines;
pub mod output;
pub mod ranges;
pub mod row_groups;
pub mod sample_rows;
pub mod texts;
mod upgrade_words;
