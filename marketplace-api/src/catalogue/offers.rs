//! Offers.

use serde::Serialize;
use utoipa::ToSchema;

use wonbon_model::{
    json::{self, Draw},
    Hash, Keyed, Offer, OfferId,
};

use super::Catalogue;
use crate::{
    kv::KvError,
    read_model::queries::{self, OfferFilter, Page, PageRequest},
    search::{ranking, Question},
    storage::Payload,
};

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

impl Catalogue<'_> {
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
        let page = match question {
            None => queries::offers(kv, filter, request, |_| Ok(true))?,
            Some(question) => {
                let found = self.search.find(question)?;
                let score = |offer: &Keyed<_, Offer>| {
                    let Some(dataset) = queries::dataset(kv, offer.record.dataset)? else { return Ok(None) };
                    let name = self.name(offer.record.seller)?;
                    Ok(found.score(Hash(dataset.metadata), name.as_deref()))
                };
                let key = |offer: &Keyed<_, Offer>| queries::offer_key(filter, offer);
                ranking::page(request, key, score, |window, keep| queries::offers(kv, filter, window, keep))?
            }
        };
        page.try_map(|offer| self.offer(&offer))
    }
}
