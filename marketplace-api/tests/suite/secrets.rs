//! What companies keep here for their members: wrapped secrets and sealed keys.

use axum::{
    body::Body,
    http::{Method, Request},
};
use serde_json::json;
use wonbon_client::chain::LedgerChange;
use wonbon_model::{AccountId, Hash};

use crate::common::{Answer, Company, Service, Wishes};
use marketplace_api::testing;

const COMPANY: AccountId = AccountId([0xc0; 32]);
const OTHER: AccountId = AccountId([0xc1; 32]);

const ADMIN: u8 = 1;
const BUY: u8 = 2;
const SELL: u8 = 4;
const DELIVER: u8 = 8;

fn secret(company: AccountId, epoch: u32, member: AccountId) -> String {
    format!("/v1/companies/{company}/secrets/{epoch}/{member}")
}

async fn put(service: &Service, token: &str, path: &str, bytes: &[u8]) -> Answer {
    service.request(Method::PUT, path, token, bytes.to_vec()).await
}

async fn get(service: &Service, token: &str, path: &str) -> Answer {
    service.request(Method::GET, path, token, vec![]).await
}

#[tokio::test]
async fn an_admin_gives_members_the_secrets_of_each_epoch_once() {
    for remote_storage in [false, true] {
        let service = Service::with(Wishes { remote_storage, ..Wishes::default() }).await;
        let (_, admin) = service.with_member(COMPANY, 1, ADMIN).await;
        let (buyer, buyer_token) = service.with_member(COMPANY, 2, BUY).await;
        let (seller, seller_token) = service.with_member(COMPANY, 3, SELL).await;
        let (_, stranger) = service.with_member(OTHER, 4, 63).await;
        let newest = |token: String| {
            let service = &service;
            async move { get(service, &token, &format!("/v1/companies/{COMPANY}/secrets")).await.json() }
        };
        assert_eq!(newest(buyer_token.clone()).await, json!({ "newest": 0 }));

        let first = secret(COMPANY, 1, buyer.account);
        get(&service, &buyer_token, &first).await.is_problem(404, "not-found");
        // Only an admin of the company gives, and only its members get.
        put(&service, &buyer_token, &first, b"x").await.is_problem(403, "wrong-role");
        put(&service, &stranger, &first, b"x").await.is_problem(403, "not-a-member");
        get(&service, &stranger, &first).await.is_problem(403, "not-a-member");
        service.get(&first).await.is_problem(401, "sign-in-required");
        // Epochs begin with the first and are not far apart.
        for epoch in [0, 65, u32::MAX] {
            let path = secret(COMPANY, epoch, buyer.account);
            put(&service, &admin, &path, b"x").await.is_problem(409, "epoch-gap");
        }
        assert_eq!(newest(buyer_token.clone()).await, json!({ "newest": 0 }));
        assert_eq!(put(&service, &admin, &first, b"for the buyer").await.status, 201);
        assert_eq!(put(&service, &admin, &first, b"for the buyer").await.status, 204);
        put(&service, &admin, &first, b"another").await.is_problem(409, "never-replaced");
        let found = get(&service, &buyer_token, &first).await;
        assert_eq!((found.status, &found.body[..]), (200, &b"for the buyer"[..]));
        assert_eq!(found.header("content-type"), "application/octet-stream");
        assert!(found.header("cache-control").contains("no-store"));
        assert_eq!(get(&service, &seller_token, &first).await.body, b"for the buyer");

        // Sizes: one to 4,096 bytes.
        let sellers = secret(COMPANY, 1, seller.account);
        put(&service, &admin, &sellers, b"").await.is_problem(422, "empty");
        let large = put(&service, &admin, &sellers, &[7; 4097]).await.is_problem(413, "body-too-large");
        assert_eq!(large["limit"], 4096);
        assert_eq!(put(&service, &admin, &sellers, &[7; 4096]).await.status, 201);
        for epoch in 2..=9 {
            assert_eq!(newest(buyer_token.clone()).await, json!({ "newest": epoch - 1 }));
            let path = secret(COMPANY, epoch, seller.account);
            assert_eq!(put(&service, &admin, &path, &[epoch as u8]).await.status, 201);
        }
        // Who comes later gets the earlier ones.
        assert_eq!(put(&service, &admin, &secret(COMPANY, 5, buyer.account), b"late").await.status, 201);
        let nobody = secret(COMPANY, 1, Company::new(9).account);
        put(&service, &admin, &nobody, b"x").await.is_problem(404, "not-found");
        get(&service, &admin, &nobody).await.is_problem(404, "not-found");
        get(&service, &admin, &secret(COMPANY, 10, buyer.account)).await.is_problem(404, "not-found");
        for path in [
            format!("/v1/companies/{COMPANY}/secrets/x/{}", buyer.account),
            format!("/v1/companies/{COMPANY}/secrets/1/x"),
            format!("/v1/companies/x/secrets/1/{}", buyer.account),
            format!("/v1/companies/{COMPANY}/secrets/4294967296/{}", buyer.account),
        ] {
            put(&service, &admin, &path, b"x").await.is_problem(400, "invalid-parameter");
        }
    }
}

#[tokio::test]
async fn a_secret_belongs_to_a_membership() {
    let service = Service::new().await;
    let (_, admin) = service.with_member(COMPANY, 1, ADMIN).await;
    let (member, token) = service.with_member(COMPANY, 2, BUY).await;
    let path = secret(COMPANY, 1, member.account);
    assert_eq!(put(&service, &admin, &path, b"for the old key").await.status, 201);
    service.set_member(COMPANY, &member, 0);
    get(&service, &token, &path).await.is_problem(401, "sign-in-required");
    get(&service, &admin, &path).await.is_problem(404, "not-found");
    let record = Some(testing::member(BUY, 1));
    service.apply(vec![LedgerChange::Member { company: COMPANY, member: member.account, record }]);
    get(&service, &admin, &path).await.is_problem(404, "not-found");
    assert_eq!(put(&service, &admin, &path, b"for the new key").await.status, 201);
    let token = service.signed_in_as(&member, Some(COMPANY)).await;
    assert_eq!(get(&service, &token, &path).await.body, b"for the new key");
}

#[tokio::test]
async fn sealed_keys_are_for_those_who_sell_and_deliver() {
    for remote_storage in [false, true] {
        let service = Service::with(Wishes { remote_storage, ..Wishes::default() }).await;
        let (_, seller) = service.with_member(COMPANY, 1, SELL).await;
        let (_, deliverer) = service.with_member(COMPANY, 2, DELIVER).await;
        let (_, buyer) = service.with_member(COMPANY, 3, BUY | ADMIN).await;
        let (_, stranger) = service.with_member(OTHER, 4, 63).await;
        let key = format!("/v1/companies/{COMPANY}/keys/{}", Hash([9; 32]));
        get(&service, &seller, &key).await.is_problem(404, "not-found");
        put(&service, &deliverer, &key, b"x").await.is_problem(403, "wrong-role");
        put(&service, &stranger, &key, b"x").await.is_problem(403, "not-a-member");
        put(&service, &seller, &key, b"").await.is_problem(422, "empty");
        put(&service, &seller, &key, &[7; 1025]).await.is_problem(413, "body-too-large");
        assert_eq!(put(&service, &seller, &key, &[7; 1024]).await.status, 201);
        assert_eq!(put(&service, &seller, &key, &[7; 1024]).await.status, 204);
        put(&service, &seller, &key, &[8; 1024]).await.is_problem(409, "never-replaced");
        for token in [&seller, &deliverer] {
            assert_eq!(get(&service, token, &key).await.body, [7; 1024]);
        }
        get(&service, &buyer, &key).await.is_problem(403, "wrong-role");
        get(&service, &stranger, &key).await.is_problem(403, "not-a-member");
        // What another company keeps under the same commitment is its own.
        let others = format!("/v1/companies/{OTHER}/keys/{}", Hash([9; 32]));
        get(&service, &stranger, &others).await.is_problem(404, "not-found");
        let request = Request::put(&key)
            .header("authorization", format!("Bearer {seller}"))
            .header("content-type", "text/plain");
        service.send(request.body(Body::from("x")).unwrap()).await.is_problem(415, "content-type");
    }
}

/// A company that was recovered has lost the secrets of before, and goes on at a service that never saw them.
#[tokio::test]
async fn epochs_that_are_lost_are_passed_over() {
    let service = Service::new().await;
    let (heir, token) = service.with_member(COMPANY, 1, ADMIN).await;
    let of = |epoch| secret(COMPANY, epoch, heir.account);
    assert_eq!(put(&service, &token, &of(3), b"the third").await.status, 201);
    let newest = get(&service, &token, &format!("/v1/companies/{COMPANY}/secrets")).await;
    assert_eq!(newest.json(), json!({ "newest": 3 }));
    get(&service, &token, &of(2)).await.is_problem(404, "not-found");
    // Found on a sheet after all.
    assert_eq!(put(&service, &token, &of(2), b"the second").await.status, 201);
    put(&service, &token, &of(3 + 65), b"x").await.is_problem(409, "epoch-gap");
    assert_eq!(put(&service, &token, &of(3 + 64), b"x").await.status, 201);
}

/// Managed delivery: whoever delivers for a company and has no secret of it has single keys.
#[tokio::test]
async fn an_entrusted_key_is_a_members_as_long_as_they_are_one() {
    let service = Service::new().await;
    let (_, seller) = service.with_member(COMPANY, 1, SELL).await;
    let (deliverer, token) = service.with_member(COMPANY, 2, DELIVER).await;
    let key = format!("/v1/companies/{COMPANY}/keys/{}/{}", Hash([9; 32]), deliverer.account);
    get(&service, &token, &key).await.is_problem(404, "not-found");
    put(&service, &token, &key, b"x").await.is_problem(403, "wrong-role");
    put(&service, &seller, &key, b"").await.is_problem(422, "empty");
    put(&service, &seller, &key, &[7; 1025]).await.is_problem(413, "body-too-large");
    assert_eq!(put(&service, &seller, &key, b"for the first key").await.status, 201);
    assert_eq!(put(&service, &seller, &key, b"for the first key").await.status, 204);
    put(&service, &seller, &key, b"another").await.is_problem(409, "never-replaced");
    assert_eq!(get(&service, &token, &key).await.body, b"for the first key");
    // It is no sealed key of the company's.
    let sealed = format!("/v1/companies/{COMPANY}/keys/{}", Hash([9; 32]));
    get(&service, &token, &sealed).await.is_problem(404, "not-found");
    let stranger = format!("{sealed}/{OTHER}");
    put(&service, &seller, &stranger, b"x").await.is_problem(404, "not-found");
    // Who left and came back is given it anew.
    service.set_member(COMPANY, &deliverer, 0);
    let record = Some(testing::member(DELIVER, 1));
    service.apply(vec![LedgerChange::Member { company: COMPANY, member: deliverer.account, record }]);
    let token = service.signed_in_as(&deliverer, Some(COMPANY)).await;
    get(&service, &token, &key).await.is_problem(404, "not-found");
    assert_eq!(put(&service, &seller, &key, b"for the second").await.status, 201);
}

#[tokio::test]
async fn an_account_that_acts_for_itself_keeps_nothing_here() {
    let service = Service::new().await;
    let (company, token) = service.signed_in(1).await;
    let key = format!("/v1/companies/{}/keys/{}", company.account, Hash([9; 32]));
    put(&service, &token, &key, b"x").await.is_problem(403, "not-a-member");
    let path = secret(company.account, 1, company.account);
    put(&service, &token, &path, b"x").await.is_problem(403, "not-a-member");
}

#[tokio::test]
async fn what_is_kept_counts_against_the_company() {
    // Room for two objects, each of which counts for a page.
    let service = Service::with(Wishes { quota: 8192, ..Wishes::default() }).await;
    let (admin, token) = service.with_member(COMPANY, 1, ADMIN | SELL).await;
    assert_eq!(put(&service, &token, &secret(COMPANY, 1, admin.account), b"x").await.status, 201);
    let key = |seed: u8| format!("/v1/companies/{COMPANY}/keys/{}", Hash([seed; 32]));
    assert_eq!(put(&service, &token, &key(1), b"x").await.status, 201);
    // The same again takes no more.
    assert_eq!(put(&service, &token, &key(1), b"x").await.status, 204);
    put(&service, &token, &key(2), b"x").await.is_problem(413, "over-quota");
    get(&service, &token, &key(2)).await.is_problem(404, "not-found");
}
