//! Companies that act through people: what is shown of them, and what members may do here for them.

use axum::http::Method;
use marketplace_api::testing::{self, Put as _};
use serde_json::{json, Value};
use wonbon_client::chain::{Act, LedgerChange};
use wonbon_model::{AccountId, FormerNumber, Hash, MemberRoles, Recovery, Role, Standing};

use crate::common::{Company, Package, Service};

const COMPANY: AccountId = AccountId([0xc0; 32]);
const OTHER: AccountId = AccountId([0xc1; 32]);

const BUY: u8 = 2;
const SELL: u8 = 4;
const DELIVER: u8 = 8;
const MONEY: u8 = 32;

/// A new admin to whom a member objected.
fn recovery(admin: AccountId) -> Recovery {
    Recovery {
        version: 1,
        admin,
        roles: MemberRoles::ALL,
        day_limit: 0,
        key: [1; 32],
        proposed_at: 4,
        due_at: 302_404,
        objected: true,
    }
}

#[tokio::test]
async fn a_company_shows_who_acts_for_it_and_what_became_of_it() {
    let service = Service::new().await;
    let [one, two] = [1, 2].map(Company::new);
    let plain = Company::new(3);
    service.register(&plain, Standing::Verified);
    let found = service.get(&format!("/v1/participants/{}", plain.account)).await.json();
    assert_eq!(found["company"], Value::Null);
    let none = service.get(&format!("/v1/participants/{}/members", plain.account)).await.json();
    assert_eq!(none, json!({ "items": [], "next": null }));

    let mut record = testing::company(3, 2, &[one.account]);
    (record.recoveries, record.recovered_at, record.former_numbers) = (1, Some(3), 1);
    let former = FormerNumber { version: 1, number: "1048123454".parse().unwrap(), until: 3 };
    service.apply(vec![
        testing::participant(COMPANY, "한빛정밀", Standing::Verified).put(),
        LedgerChange::Company { account: COMPANY, record },
        LedgerChange::FormerNumber { company: COMPANY, index: 0, record: former },
        LedgerChange::Recovery { company: COMPANY, record: Some(recovery(two.account)) },
    ]);
    service.set_member(COMPANY, &one, 63);
    service.set_member(COMPANY, &two, DELIVER);
    service.set_member(OTHER, &two, BUY | MONEY);
    let found = service.get(&format!("/v1/participants/{COMPANY}")).await.json();
    let company = json!({
        "index": 3, "established_at": 2, "members": 2, "admins": [one.account], "deposit": 0, "recoveries": 1,
        "recovered_at": 3,
        "recovery": { "admin": two.account, "proposed_at": 4, "due_at": 302_404, "objected": true },
        "former_numbers": [{ "registration_number": "1048123454", "until": 3 }],
    });
    assert_eq!(found["company"], company);
    let page = service.get(&format!("/companies/{COMPANY}")).await.text();
    for part in [
        "<dt>구성원 Members</dt><dd>2</dd>",
        "104-81-23454",
        "until block 3",
        "복구 Recoveries",
        "last in block 3",
        "Recovery proposed",
        "from block 302404",
        "a member objected",
        &two.account.to_string(),
    ] {
        assert!(page.contains(part), "{part}");
    }
    service.apply(vec![LedgerChange::Recovery { company: COMPANY, record: None }]);
    let page = service.get(&format!("/companies/{}", plain.account)).await.text();
    assert!(!page.contains("Members") && !page.contains("Recover"));
    let page = service.get(&format!("/companies/{COMPANY}")).await.text();
    assert!(page.contains("복구 Recoveries") && !page.contains("Recovery proposed"));
    let found = service.get(&format!("/v1/participants/{COMPANY}")).await.json();
    assert_eq!(found["company"]["recovery"], Value::Null);

    // By page, from either side.
    let members = |query: &str| format!("/v1/participants/{COMPANY}/members{query}");
    let page = service.get(&members("?limit=1")).await.json();
    let next = page["next"].as_str().unwrap();
    let rest = service.get(&members(&format!("?limit=1&cursor={next}"))).await.json();
    assert_eq!(rest["next"], Value::Null);
    let found = [page["items"][0].clone(), rest["items"][0].clone()];
    let of_two = found.iter().find(|member| member["member"] == json!(two.account)).unwrap();
    let expected = json!({
        "company": COMPANY, "member": two.account, "roles": ["deliver"], "day_limit": 1_000_000,
        "key": Hash([DELIVER; 32]), "generation": 0, "joined_at": 2,
    });
    assert_eq!(*of_two, expected);
    let of_account = format!("/v1/accounts/{}/companies", two.account);
    let found = service.get(&of_account).await.json();
    let companies: Vec<_> = found["items"].as_array().unwrap().iter().map(|item| &item["company"]).collect();
    assert_eq!(companies, [&json!(COMPANY), &json!(OTHER)]);
    assert_eq!(found["items"][1]["roles"], json!(["buy", "money"]));
    service.set_member(COMPANY, &two, 0);
    assert_eq!(service.get(&of_account).await.json()["items"].as_array().unwrap().len(), 1);
    assert_eq!(service.get(&members("")).await.json()["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_member_has_the_rights_of_their_company_that_their_roles_give() {
    let service = Service::new().await;
    let package = Package::new(5000, 1);
    let (seller, seller_token) = service.with_member(COMPANY, 1, SELL).await;
    service.upload(&seller_token, &package).await;
    service.download(&seller_token, &package, &[]).await.is_problem(403, "wrong-role");
    let payload = format!("/v1/payloads/{}", package.sealed_root);
    assert_eq!(service.request(Method::HEAD, &payload, &seller_token, vec![]).await.status, 200);

    let other = Package::new(5000, 2);
    for (seed, roles, downloads) in
        [(2, BUY, true), (3, DELIVER, true), (4, MONEY, false), (5, 1 | 16, false)]
    {
        let (_, token) = service.with_member(OTHER, seed, roles).await;
        let found = service.download(&token, &package, &[]).await;
        match downloads {
            true => assert_eq!(found.body, package.bytes),
            false => drop(found.is_problem(403, "wrong-role")),
        }
        service.begin(&token, &other).await.is_problem(403, "wrong-role");
        service.request(Method::DELETE, &payload, &token, vec![]).await.is_problem(403, "wrong-role");
    }
    // What was stored is the company's, whichever member asks.
    let (_, colleague) = service.with_member(COMPANY, 6, SELL | MONEY).await;
    let downloads = format!("{payload}/downloads");
    assert_eq!(service.request(Method::GET, &downloads, &colleague, vec![]).await.status, 200);
    let begun = service.begin(&colleague, &other).await.header("location");
    assert_eq!(service.upload_head(&seller_token, &begun).await.status, 200);

    // Roles that change count at once, and a membership that ends ends the session.
    service.set_member(COMPANY, &seller, BUY);
    service.patch(&seller_token, &begun, 0, &other.bytes).await.is_problem(403, "wrong-role");
    service.set_member(COMPANY, &seller, 0);
    service.download(&seller_token, &package, &[]).await.is_problem(401, "sign-in-required");
    service.try_sign_in(&seller, Some(COMPANY)).await.is_problem(403, "not-a-member");
    service.try_sign_in(&seller, None).await.is_problem(403, "not-registered");
    assert_eq!(service.patch(&colleague, &begun, 0, &other.bytes).await.status, 204);

    // A company's standing counts for its members, and a chain that has stopped tells nobody's rights.
    service.apply(vec![testing::participant(COMPANY, "한빛정밀", Standing::Suspended).put()]);
    service.begin(&colleague, &package).await.is_problem(403, "not-verified");
    testing::set_stale(&service.app.status);
    service.request(Method::GET, &downloads, &colleague, vec![]).await.is_problem(503, "chain-stale");
}

#[tokio::test]
async fn a_member_alone_is_no_company() {
    let service = Service::new().await;
    let (member, _) = service.with_member(COMPANY, 1, 63).await;
    let own = service.sign_in(&member).await;
    service.begin(&own, &Package::new(5000, 1)).await.is_problem(403, "not-verified");
    service.try_sign_in(&Company::new(2), Some(COMPANY)).await.is_problem(403, "not-a-member");
}

#[tokio::test]
async fn auditors_see_who_acted_for_whom() {
    let service = Service::new().await;
    let [one, two] = [AccountId([1; 32]), AccountId([2; 32])];
    let act = |extrinsic, company, member| Act { extrinsic, company, member };
    // Blocks 0 to 2.
    testing::apply_acts(&*service.kv, &[act(2, COMPANY, one), act(5, OTHER, two)]);
    testing::apply_acts(&*service.kv, &[]);
    testing::apply_acts(&*service.kv, &[act(2, COMPANY, two), act(3, COMPANY, one), act(4, OTHER, one)]);

    let (_, token) = service.with_member(COMPANY, 1, 63).await;
    let get = |path: String, token: String| {
        let service = &service;
        async move { service.request(Method::GET, &path, &token, vec![]).await }
    };
    service.get("/v1/audit/acts").await.is_problem(401, "sign-in-required");
    get("/v1/audit/acts".into(), token).await.is_problem(403, "not-an-auditor");
    let (_, token) = service.with_member(OTHER, 2, MONEY).await;
    let mut auditor = testing::participant(OTHER, "감사법인", Standing::Verified);
    (auditor.record.profile.roles, auditor.record.accredited) = (Role::Auditor.into(), true);
    service.apply(vec![auditor.put()]);

    let list = |query: String| {
        let (get, token) = (&get, token.clone());
        async move {
            let (mut found, mut cursor) = (Vec::new(), String::new());
            loop {
                let answer = get(format!("/v1/audit/acts?limit=1{query}{cursor}"), token.clone()).await;
                assert_eq!(answer.status, 200, "{}", answer.text());
                let page = answer.json();
                let numbers =
                    |item: &Value| (item["at"].as_u64().unwrap(), item["extrinsic"].as_u64().unwrap());
                found.extend(page["items"].as_array().unwrap().iter().map(numbers));
                match page["next"].as_str() {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => return found,
                }
            }
        }
    };
    assert_eq!(list(String::new()).await, [(0, 2), (0, 5), (2, 2), (2, 3), (2, 4)]);
    assert_eq!(list(format!("&company={COMPANY}")).await, [(0, 2), (2, 2), (2, 3)]);
    assert_eq!(list(format!("&member={one}")).await, [(0, 2), (2, 3), (2, 4)]);
    assert_eq!(list(format!("&company={COMPANY}&member={one}&from=1")).await, [(2, 3)]);
    assert_eq!(list("&to=1".into()).await, [(0, 2), (0, 5)]);
    let item = &get("/v1/audit/acts?limit=1".into(), token.clone()).await.json()["items"][0];
    assert_eq!(*item, json!({ "at": 0, "extrinsic": 2, "company": COMPANY, "member": one }));
    get("/v1/audit/acts?member=x".into(), token).await.is_problem(400, "invalid-parameter");
}
