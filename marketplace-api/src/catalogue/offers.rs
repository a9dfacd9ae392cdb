//! Offers, with what a buyer wants to know beside the record, and which of several to buy.

use serde::Serialize;
use utoipa::ToSchema;

use wonbon_model::{
    json::{self, Draw},
    Balance, DatasetId, Hash, Keyed, Offer, OfferId, OfferState,
};

use super::Catalogue;
use crate::{
    kv::KvError,
    read_model::queries::{self, OfferFilter, Page, PageRequest},
    search::{ranking::Keep, Question},
    storage::Payload,
};

/// Most open offers of a dataset that are compared, the newest of them.
const MAX_COMPARED: usize = 100;

/// An offer with what belongs to it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OfferView {
    #[serde(flatten)]
    #[allow(missing_docs)]
    pub offer: json::Offer,
    /// Name of the seller.
    pub seller_name: Option<String>,
    /// Title of the dataset, if its metadata document is stored here.
    pub title: Option<String>,
    /// Whether the sealed payload is stored here.
    pub stored: bool,
    /// The fair sample of the dataset.
    pub draw: Option<Draw>,
}

/// The open offer of a dataset with the least price, the newest of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheapestOffer {
    /// Number.
    pub id: OfferId,
    /// Price in won.
    pub price: Balance,
    /// Whether there are more open offers than were compared.
    pub more: bool,
}

impl Catalogue<'_> {
    /// Which offer of a dataset to buy; `None` if none is open.
    pub fn cheapest_offer(&self, dataset: DatasetId) -> Result<Option<CheapestOffer>, KvError> {
        let filter =
            OfferFilter { dataset: Some(dataset), state: Some(OfferState::Open), ..Default::default() };
        let request = PageRequest { after: None, limit: MAX_COMPARED };
        let open = queries::offers(self.kv, &filter, &request, |_, _| Ok(true))?;
        let more = open.next.is_some();
        let cheapest = open.items.iter().min_by_key(|offer| offer.record.price);
        Ok(cheapest.map(|offer| CheapestOffer { id: offer.key, price: offer.record.price, more }))
    }

    /// An offer with what belongs to it. The answer to the draw is a claim until [`super::confirm`] has looked.
    pub fn offer(&self, found: &Keyed<OfferId, Offer>) -> Result<OfferView, KvError> {
        let offer = &found.record;
        let dataset = queries::dataset(self.kv, offer.dataset)?;
        Ok(OfferView {
            seller_name: self.name(offer.seller)?,
            title: self.title(offer.dataset)?,
            draw: dataset.map(|dataset| self.draw(&dataset)).transpose()?,
            stored: Payload::find(self.state.kv(), Hash(offer.sealed_root))?.is_some(),
            offer: found.json(json::Offer::new),
        })
    }

    /// A page of offers, newest first; with a question the best matches first.
    pub fn offers(
        &self,
        filter: &OfferFilter,
        question: Option<&Question>,
        request: &PageRequest,
    ) -> Result<Page<OfferView>, KvError> {
        let kv = self.kv;
        let about = |offer: &Keyed<_, Offer>| {
            let dataset = queries::dataset(kv, offer.record.dataset)?;
            Ok(dataset.map(|dataset| (Hash(dataset.metadata), offer.record.seller)))
        };
        let list = |window: &_, keep: &Keep<'_, _, _>| queries::offers(kv, filter, window, keep);
        let page = self.ranked(question, request, |_| true, about, list)?;
        page.try_map(|offer| self.offer(&offer))
    }
}
