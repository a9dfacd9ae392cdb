//! Companies act through people: who joins, what they may do, what becomes of it when they leave, and how a company gets
//! a new admin.

use std::fs;

use wonbon_client::chain::{Call, ChainError, MayNotAct, Until};
use wonbon_tests::{
    cli::code,
    company::registration_number,
    data::write_csv,
    governance::dev_key,
    listing::{self, Conditions},
    market::{Company, Market},
    people::{account, acting, authority, decided, founded, joined, lose_the_home_of},
};

/// Two companies of two people each: one sells and one buys, each by somebody who did not found it. Whoever ordered
/// leaves, and a colleague sees what was ordered.
pub(crate) async fn sell_and_buy_through_their_people() {
    let market = Market::shared().await;
    let chain = market.chain().await;
    let [founder, seller] = ["founder", "seller"].map(|what| market.stranger(what));
    let [head, buyer] = ["head", "buyer"].map(|what| market.stranger(what));
    let selling = founded(market, &founder, "대한정밀 주식회사").await;
    let buying = founded(market, &head, "부산데이터 주식회사").await;
    joined(&founder, &seller, "sell,deliver", 20_000_000).await;
    joined(&head, &buyer, "buy", 20_000_000).await;
    let members = head.cli.run(["company", "members"]).await.ok();
    let people: Vec<_> = members["people"].as_array().unwrap().iter().map(|one| &one["member"]).collect();
    assert_eq!(people, [&head.address(), &buyer.address()]);

    let file = seller.path("milling.csv");
    write_csv(&file, 61, 5_000);
    let published = seller.publish(&file, 2_000_000).await;
    let offer = chain.best().await.unwrap().offer(published.offer).await.unwrap().unwrap();
    assert_eq!(offer.seller, account(&selling));
    let deliver = seller.deliver().await;
    let target = buyer.path("bought.csv");
    let bought = buyer.buy(published.offer, &target).await.ok();
    assert_eq!(fs::read(&target).unwrap(), fs::read(&file).unwrap());
    assert_eq!((&bought["buyer"], &bought["seller"]), (&buying.clone().into(), &selling.clone().into()));
    deliver.kill();
    // What was done is the companies'; neither person has any money.
    let view = chain.finalized().await.unwrap();
    for person in [&seller, &buyer] {
        assert_eq!(view.balance(&person.account()).await.unwrap(), Default::default());
    }

    let placed =
        listing::order(&chain, &acting(&chain, &buyer, &buying).await, published.offer).await.unwrap();
    buyer.cli.run(["company", "leave", "--yes"]).await.ok();
    let open = head.cli.run(["order", "list"]).await.ok();
    let orders = open["orders"].as_array().unwrap();
    assert_eq!(orders.len(), 1, "{open}");
    assert_eq!((&orders[0]["id"], &orders[0]["buyer"]), (&placed.order.into(), &buying.clone().into()));
    let history = head.cli.run(["history", "--company", &buying]).await.ok();
    assert_eq!(history["trades"][0]["dataset"], published.dataset, "{history}");
    // Whoever left acts for nobody but themselves.
    let refused = buyer.cli.run(["company", "update", "--name", "x", "--company", &buying]).await;
    refused.failed_as(code::REFUSED, "NotMember");
}

/// What an employee bought opens on a colleague's machine, and what a seller sold is delivered from one, after the employee
/// left and the seller's laptop is lost; and a member who only delivers has the single keys that they were given.
pub(crate) async fn open_and_deliver_for_their_colleagues() {
    let market = Market::shared().await;
    let [founder, seller, courier] = ["founder", "seller", "courier"].map(|what| market.stranger(what));
    let [head, buyer] = ["head", "buyer"].map(|what| market.stranger(what));
    founded(market, &founder, "광주정밀 주식회사").await;
    let buying = founded(market, &head, "대전데이터 주식회사").await;
    joined(&founder, &seller, "sell", 20_000_000).await;
    joined(&founder, &courier, "deliver", 1_000_000).await;
    joined(&head, &buyer, "buy", 20_000_000).await;

    let file = seller.path("milling.csv");
    write_csv(&file, 67, 5_000);
    let published = seller.publish(&file, 2_000_000).await;
    lose_the_home_of(&seller);
    // Nobody entrusted the key to whoever only delivers, and the founder has it from the service.
    let deliver = founder.deliver().await;
    let target = buyer.path("bought.csv");
    let bought = buyer.buy(published.offer, &target).await.ok();
    assert_eq!(fs::read(&target).unwrap(), fs::read(&file).unwrap());
    deliver.kill();

    buyer.cli.run(["company", "leave", "--yes"]).await.ok();
    let order = bought["order"].as_u64().expect("a purchase has an order").to_string();
    let opened = head.path("opened.csv");
    let open = ["order", "open", &order, "-o", opened.to_str().unwrap()];
    head.cli.run(open).await.ok();
    assert_eq!(fs::read(&opened).unwrap(), fs::read(&file).unwrap());
    // Somebody left: from now on there is another secret, and both are on the sheet.
    let secrets = head.cli.run(["company", "secrets"]).await.ok();
    let here: Vec<_> = secrets["epochs"].as_array().unwrap().iter().map(|epoch| &epoch["here"]).collect();
    assert_eq!(here, [true, true], "{secrets}");
    let sheet = head.path("sheet.txt");
    let sheet = sheet.to_str().unwrap();
    head.cli.run(["company", "sheet", "-o", sheet]).await.ok();
    head.cli.run(["company", "sheet", "-o", sheet]).await.failed_as(code::REFUSED, "NotAgreed");
    lose_the_home_of(&head);
    let restored = head.cli.run(["company", "sheet", "--restore", sheet, "--company", &buying]).await.ok();
    assert_eq!(restored["epochs"], serde_json::json!([1, 2]));

    let entrusted = founder.cli.run(["company", "entrust", &courier.address()]).await.ok();
    assert_eq!(entrusted["offers"], serde_json::json!([published.offer]));
    let deliver = courier.deliver().await;
    let again = head.path("again.csv");
    head.buy(published.offer, &again).await.ok();
    assert_eq!(fs::read(&again).unwrap(), fs::read(&file).unwrap());
    deliver.kill();
    // It opens nothing but what was given.
    let refused =
        courier.cli.run(["company", "sheet", "-o", courier.path("sheet.html").to_str().unwrap()]).await;
    refused.failed_as(code::REFUSED, "NoSecret");
}

/// An application reaches the registrar through the service, who sees in words what waits and establishes it from there.
pub(crate) async fn apply_through_the_service() {
    let market = Market::shared().await;
    let applicant = market.stranger("applicant");
    let number = registration_number();
    let apply = [
        "company",
        "apply",
        "--name",
        "울산정밀 주식회사",
        "--number",
        &number,
        "--ksic",
        "C29223",
        "--size",
        "small",
        "--region",
        "KR-31",
        "--limit",
        "1000000",
    ];
    let applied = applicant.cli.run(apply).await.ok();
    let digest = applied["application"].as_str().expect("an application has a digest");

    let alice = dev_key("Alice").account().to_string();
    decided(market, ["authority", "appoint", &alice, "--daily", "100"]).await;
    market.has_caught_up().await;
    let waits = async || {
        let queue = market.governed(authority(market).run(["authority", "queue"])).await.ok();
        let open = queue["applications"].as_array().unwrap().clone();
        open.into_iter().find(|found| found["digest"] == digest)
    };
    let found = waits().await.expect("the registrar sees it");
    assert_eq!(
        (&found["refused"], &found["application"]["account"]),
        (&().into(), &applicant.address().into())
    );
    let established = decided(market, ["company", "establish", "--application", digest, "--yes"]).await;
    let company = established["company"].as_str().unwrap();
    market.has_caught_up().await;
    assert_eq!(waits().await, None);
    let members = applicant.cli.run(["company", "members"]).await.ok();
    assert_eq!((&members["company"], &members["name"]), (&company.into(), &"울산정밀 주식회사".into()));
}

/// A member does what their roles and their limit allow, as long as they are one.
pub(crate) async fn permit_their_people_no_more_than_they_say() {
    let market = Market::shared().await;
    let chain = market.chain().await;
    let merchant = market.company("merchant");
    let listed = listing::list(&chain, &merchant.key, Conditions::default()).await.unwrap();
    let founder = market.stranger("founder");
    let company = founded(market, &founder, "한빛정밀 주식회사").await;
    let [courier, apprentice, former] = ["courier", "apprentice", "former"].map(|what| market.stranger(what));
    joined(&founder, &courier, "deliver", 1_000).await;
    joined(&founder, &apprentice, "buy,sell", 1_000).await;
    joined(&founder, &former, "buy,admin", 10_000_000).await;
    let place = async |person, company: &str| {
        let key = acting(&chain, person, company).await;
        listing::order(&chain, &key, listed.offer).await.unwrap_err()
    };
    let refused = place(&courier, &company).await;
    assert_eq!(refused, ChainError::MayNotAct { reason: MayNotAct::Role });
    let refused = place(&apprentice, &company).await;
    assert_eq!(refused, ChainError::MayNotAct { reason: MayNotAct::DayLimit });
    let refused = courier.cli.run(["company", "update", "--name", "Courier"]).await;
    refused.failed_as(code::FAILURE, "MemberRole");

    let stale = acting(&chain, &former, &company).await;
    founder.cli.run(["company", "remove", &former.address(), "--yes"]).await.ok();
    let refused = listing::order(&chain, &stale, listed.offer).await.unwrap_err();
    assert_eq!(refused, ChainError::MayNotAct { reason: MayNotAct::NotMember });
    let refused = former.cli.run(["company", "update", "--name", "Former"]).await;
    refused.failed_as(code::REFUSED, "NotMember");

    // What they signed before takes nobody on again.
    let used =
        founder.cli.run(["company", "add", former.path("joining.json").to_str().unwrap(), "--yes"]).await;
    let error = used.failed_as(code::REFUSED, "BadFile");
    assert!(error["message"].as_str().unwrap().contains("joining.ended"), "{error}");
    joined_again(&founder, &former).await;
    let refused = chain.submit(&stale, &Call::object_to_recovery(), Until::Best).await.unwrap_err();
    assert_eq!(refused, ChainError::MayNotAct { reason: MayNotAct::NotMember }, "of another membership");

    // The last admin stays, and a limit is raised.
    let refused = founder.cli.run(["company", "leave", "--yes"]).await;
    refused.failed_as(code::FAILURE, "LastAdmin");
    let raised =
        founder.cli.run(["company", "change", &apprentice.address(), "--limit", "10000000"]).await.ok();
    assert_eq!((&raised["day_limit"], &raised["roles"]), (&10_000_000.into(), &["buy", "sell"].into()));
    let key = acting(&chain, &apprentice, &company).await;
    let placed = listing::order(&chain, &key, listed.offer).await.unwrap();
    let order = chain.best().await.unwrap().order(placed.order).await.unwrap().unwrap();
    assert_eq!(order.buyer, account(&company));
}

/// Takes somebody on again, who cannot be invited to the same file names.
async fn joined_again(admin: &Company, person: &Company) {
    let (invitation, joining) = (admin.path("again.json"), person.path("again.json"));
    let [invitation, joining] = [&invitation, &joining].map(|path| path.to_str().unwrap());
    let invite = ["company", "invite", "--roles", "buy", "--limit", "1000", "-o", invitation];
    admin.cli.run(invite).await.ok();
    person.cli.run(["company", "join", invitation, "-o", joining, "--yes"]).await.ok();
    admin.cli.run(["company", "add", joining, "--yes"]).await.ok();
}

/// A file for an application or a joining is taken as it was signed, where it was meant for, in its time.
pub(crate) async fn refuse_files_that_say_something_else() {
    let market = Market::shared().await;
    let founder = market.stranger("founder");
    let (application, changed) = (founder.path("application.json"), founder.path("changed.json"));
    founded(market, &founder, "서울정밀 주식회사").await;
    let text = fs::read_to_string(&application).unwrap();
    for (from, to, field) in [
        ("서울정밀", "부산정밀", "signature: "),
        ("\"small\"", "\"tiny\"", "profile.size: "),
        ("\"profile\"", "\"more\": 1, \"profile\"", "`more`"),
        ("\"genesis\": \"", "\"genesis\": \"0", "genesis: "),
    ] {
        fs::write(&changed, text.replacen(from, to, 1)).unwrap();
        let refused = founder.cli.run(["company", "establish", changed.to_str().unwrap(), "--yes"]).await;
        let error = refused.failed_as(code::REFUSED, "BadFile");
        assert!(error["message"].as_str().unwrap().contains(field), "{error}");
    }
    // It led to a company once.
    let again = ["company", "establish", application.to_str().unwrap(), "--yes"];
    founder.cli.run(again).await.failed_as(code::REFUSED, "BadFile");
    // Without --yes nothing is done where nobody can be asked.
    founder.cli.run(["company", "remove", &founder.address()]).await.failed_as(code::REFUSED, "NotAgreed");
}

/// A company gets a new admin after the notice, unless a member objects; the council decides then.
pub(crate) async fn are_recovered_unless_somebody_objects() {
    let market = Market::shared().await;
    let chain = market.chain().await;
    let (founder, heir) = (market.stranger("founder"), market.stranger("heir"));
    let company = founded(market, &founder, "인천정밀 주식회사").await;
    let (invitation, joining) = (heir.path("invitation.json"), heir.path("joining.json"));
    let [invitation, joining] = [&invitation, &joining].map(|path| path.to_str().unwrap());
    // Nobody of the company is there to invite: nothing of an invitation is signed.
    let roles = "admin,buy,sell,deliver,attest,money";
    let invite = [
        "company",
        "invite",
        "--company",
        &company,
        "--roles",
        roles,
        "--limit",
        "1000000",
        "-o",
        invitation,
    ];
    heir.cli.run(invite).await.ok();
    heir.cli.run(["company", "join", invitation, "-o", joining, "--yes"]).await.ok();
    decided(market, ["company", "recover", "propose", joining, "--yes"]).await;

    let shown = founder.cli.run(["company", "members"]).await.ok();
    assert_eq!(shown["recovery"]["admin"], heir.address(), "{shown}");
    let frozen = founder.cli.run(["company", "change", &founder.address(), "--limit", "1"]).await;
    frozen.failed_as(code::FAILURE, "RecoveryOpen");
    founder.cli.run(["company", "recover", "object", "--yes"]).await.ok();
    let refused = heir.cli.run(["company", "recover", "complete", &company, "--yes"]).await;
    refused.failed_as(code::FAILURE, "RecoveryObjected");

    let recovery = chain.finalized().await.unwrap().recovery(&account(&company)).await.unwrap().unwrap();
    listing::reach(&chain, recovery.due_at).await.unwrap();
    decided(market, ["authority", "enforce-recovery", &company, "--yes"]).await;
    let shown = heir.cli.run(["company", "members"]).await.ok();
    assert_eq!((&shown["recoveries"], &shown["recovery"]), (&1.into(), &().into()), "{shown}");
    assert_eq!(shown["admins"], serde_json::json!([heir.address()]));
    let refused = founder.cli.run(["company", "update", "--name", "Founder"]).await;
    refused.failed_as(code::FAILURE, "MemberRole");
    heir.cli.run(["company", "remove", &founder.address(), "--yes"]).await.ok();
    let gone = founder.cli.run(["company", "update", "--name", "Founder"]).await;
    gone.failed_as(code::REFUSED, "NotMember");
}
