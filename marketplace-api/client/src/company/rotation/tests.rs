//! Two admins, an employee, and a machine that only delivers.

use super::super::testing::{company, secret};
use super::super::wrapping::member_public_key;
use super::*;
use crate::home::FileHome;
use crate::keys::Secret;
use tempfile::TempDir;
use MemberRole::{Admin, Buy, Deliver, Money, Sell};

/// A person with a key, and a home of their own.
struct Person {
    key: Keypair,
    member_secret: Secret,
    _folder: TempDir,
    home: FileHome,
}

impl Person {
    fn new(seed: u8) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = FileHome::new(folder.path());
        let member_secret = Secret::new([seed + 100; 32]);
        Self { key: Keypair::from_secret(&[seed; 32]), member_secret, _folder: folder, home }
    }

    fn member(&self, roles: impl IntoIterator<Item = MemberRole>) -> ProvedMember {
        let roles = MemberRoles::of(roles).unwrap();
        ProvedMember { account: self.key.account(), roles, key: member_public_key(&self.member_secret) }
    }

    fn secrets(&self) -> CompanySecrets<'_> {
        CompanySecrets::new(&self.home, &self.key)
    }

    /// Takes what is for them, as they would from the service.
    async fn receive(&self, from: &Person, handed: &HandOut) -> usize {
        let own = handed.wrapped.iter().filter(|wrapped| *wrapped.member() == self.key.account());
        let mut count = 0;
        for wrapped in own {
            let admins = [from.key.account()];
            let opened = wrapped.open(&company(), &self.key.account(), &self.member_secret, &admins).unwrap();
            self.secrets().keep(&opened).await.unwrap();
            count += 1;
        }
        count
    }

    async fn share(&self, handed: &HandOut) {
        for id in &handed.secrets {
            self.secrets().shared(id).await.unwrap();
        }
    }

    async fn begin(&self, members: &[ProvedMember], removed: &[AccountId]) -> Result<HandOut, RotationError> {
        let beginning = Beginning { company: company(), members, removed, seen: None };
        begin_epoch(&self.secrets(), &self.key, &beginning).await
    }

    async fn current(&self) -> Option<CompanySecret> {
        self.secrets().current(&company()).await.unwrap()
    }
}

#[tokio::test]
async fn an_epoch_is_for_those_who_buy_or_sell_and_of_the_others_it_is_said() {
    let [admin, buyer, seller, machine, cashier] = [1, 2, 3, 4, 5].map(Person::new);
    let broken = ProvedMember { account: AccountId([9; 32]), key: [0; 32], ..seller.member([Sell]) };
    let members = [
        admin.member([Admin, Buy]),
        buyer.member([Buy]),
        seller.member([Sell, Deliver]),
        machine.member([Deliver]),
        cashier.member([Money]),
        broken,
    ];
    let handed = admin.begin(&members, &[]).await.unwrap();
    let epochs: Vec<_> = handed.secrets.iter().map(|id| id.epoch).collect();
    assert_eq!(epochs, [Epoch::FIRST]);
    let left_out = [
        (machine.key.account(), WhyNot::NeitherBuysNorSells),
        (cashier.key.account(), WhyNot::NeitherBuysNorSells),
        (broken.account, WhyNot::BadKey),
    ];
    assert_eq!(handed.left_out, left_out);
    assert_eq!(admin.current().await, None, "nobody else can have it yet");
    for (person, count) in [(&buyer, 1), (&seller, 1), (&machine, 0), (&admin, 1)] {
        assert_eq!(person.receive(&admin, &handed).await, count);
    }
    assert_eq!(buyer.current().await, seller.current().await);
    assert_eq!(buyer.current().await, admin.current().await);
    assert!(admin.current().await.is_some());
}

#[tokio::test]
async fn who_is_removed_gets_nothing_of_the_next_epoch_and_who_stays_keeps_the_old() {
    let [admin, employee, colleague] = [1, 2, 3].map(Person::new);
    let members = [admin.member([Admin, Buy]), employee.member([Buy]), colleague.member([Buy])];
    let first = admin.begin(&members, &[]).await.unwrap();
    for person in [&employee, &colleague] {
        person.receive(&admin, &first).await;
    }
    admin.share(&first).await;

    // The employee orders, and leaves.
    let nonce = [5; 32];
    let order_key = employee.current().await.unwrap().order_secret(&nonce).order_key();
    let removed = [employee.key.account()];
    let early = admin.begin(&members, &removed).await.unwrap_err();
    assert!(matches!(early, RotationError::StillMember(who) if who == employee.key.account()));
    let left = [members[0], members[2]];
    let second = admin.begin(&left, &removed).await.unwrap();
    assert_eq!(employee.receive(&admin, &second).await, 0);
    assert_eq!(colleague.receive(&admin, &second).await, 1);
    admin.share(&second).await;
    assert_eq!(admin.current().await.unwrap().id().epoch, Epoch(2));
    assert_eq!(admin.current().await, colleague.current().await);
    assert_ne!(employee.current().await, colleague.current().await);

    // A colleague opens the purchase.
    let secrets = colleague.secrets();
    let found = secrets.order_secret(&company(), &nonce, &order_key).await.unwrap().unwrap();
    assert_eq!(found.order_key(), order_key);
}

#[tokio::test]
async fn an_interrupted_rotation_goes_on_and_nothing_of_it_is_lost() {
    let [admin, buyer, leaver] = [1, 2, 3].map(Person::new);
    let members = [admin.member([Admin]), buyer.member([Buy]), leaver.member([Buy])];
    let first = admin.begin(&members, &[]).await.unwrap();
    // The one who leaves has it already; then the admin's machine stops.
    leaver.receive(&admin, &first).await;
    let again = wrap_again(&admin.secrets(), &admin.key, &company(), &members, Which::Begun).await.unwrap();
    assert_eq!(again.secrets, first.secrets);

    let left = &members[..2];
    let second = admin.begin(left, &[leaver.key.account()]).await.unwrap();
    assert_eq!(second.secrets.len(), 2, "the begun one too: the leaver may have ordered with it");
    assert_eq!(buyer.receive(&admin, &second).await, 2);
    assert_eq!(leaver.receive(&admin, &second).await, 0);
    admin.share(&second).await;
    assert_eq!(admin.current().await, buyer.current().await);
    assert_eq!(buyer.current().await.unwrap().id().epoch, Epoch(2));
    let none = wrap_again(&admin.secrets(), &admin.key, &company(), left, Which::Begun).await.unwrap();
    assert_eq!((none.secrets.len(), none.wrapped.len()), (0, 0));
}

#[tokio::test]
async fn a_new_member_gets_every_epoch() {
    let [admin, new] = [1, 2].map(Person::new);
    for epoch in 1..=3 {
        admin.secrets().keep(&secret(epoch, epoch as u8)).await.unwrap();
    }
    let members = [admin.member([Admin]), new.member([Sell])];
    let handed = wrap_again(&admin.secrets(), &admin.key, &company(), &members, Which::All).await.unwrap();
    assert_eq!(new.receive(&admin, &handed).await, 3);
    assert_eq!(new.secrets().all(&company()).await.unwrap(), admin.secrets().all(&company()).await.unwrap());
}

#[tokio::test]
async fn only_an_admin_begins_and_an_epoch_follows_the_newest_seen() {
    let [admin, buyer] = [1, 2].map(Person::new);
    let members = [admin.member([Admin]), buyer.member([Buy])];
    let refused = buyer.begin(&members, &[]).await.unwrap_err();
    assert!(matches!(refused, RotationError::NotAdmin(who) if who == buyer.key.account()));
    let refused = wrap_again(&buyer.secrets(), &buyer.key, &company(), &members, Which::All).await;
    assert!(matches!(refused, Err(RotationError::NotAdmin(_))));

    let seen = |seen| Beginning { company: company(), members: &members, removed: &[], seen };
    let handed = begin_epoch(&admin.secrets(), &admin.key, &seen(Some(Epoch(4)))).await.unwrap();
    assert_eq!(handed.secrets[0].epoch, Epoch(5));
    let last = begin_epoch(&admin.secrets(), &admin.key, &seen(Some(Epoch(u32::MAX)))).await;
    assert!(matches!(last, Err(RotationError::LastEpoch(Epoch(u32::MAX)))));
}
