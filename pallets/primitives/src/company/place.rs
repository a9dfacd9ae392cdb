//! Size class and region of a company.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::{fmt, str::FromStr};
use scale_info::TypeInfo;

/// Size of a company by Korean law.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
pub enum SizeClass {
    /// Small enterprise (소기업).
    Small,
    /// Medium enterprise (중기업).
    Medium,
    /// Mid-market enterprise (중견기업).
    MidMarket,
    /// Large enterprise (대기업).
    Large,
    /// University, research institute, public body.
    Institute,
}

/// The regions, one a line: the text of the chain's metadata, the variant, its code and its Korean name.
macro_rules! regions {
    ($($(#[$doc:meta])* $region:ident = $code:literal, $korean:literal;)+) => {
        /// One of the seventeen provinces and cities of ISO 3166-2:KR. JSON and text have the ISO code, as `KR-11`.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, MaxEncodedLen)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        pub enum Region {
            $($(#[$doc])* #[cfg_attr(feature = "serde", serde(rename = $code))] $region,)+
        }

        impl Region {
            /// Every region, by code.
            pub const ALL: [Self; 17] = [$(Self::$region),+];

            /// The ISO 3166-2 code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$region => $code),+ }
            }

            /// The Korean name in short.
            pub const fn korean(self) -> &'static str {
                match self { $(Self::$region => $korean),+ }
            }
        }
    };
}

regions! {
    /// 서울, KR-11.
    Seoul = "KR-11", "서울";
    /// 부산, KR-26.
    Busan = "KR-26", "부산";
    /// 대구, KR-27.
    Daegu = "KR-27", "대구";
    /// 인천, KR-28.
    Incheon = "KR-28", "인천";
    /// 광주, KR-29.
    Gwangju = "KR-29", "광주";
    /// 대전, KR-30.
    Daejeon = "KR-30", "대전";
    /// 울산, KR-31.
    Ulsan = "KR-31", "울산";
    /// 경기, KR-41.
    Gyeonggi = "KR-41", "경기";
    /// 강원, KR-42.
    Gangwon = "KR-42", "강원";
    /// 충북, KR-43.
    NorthChungcheong = "KR-43", "충북";
    /// 충남, KR-44.
    SouthChungcheong = "KR-44", "충남";
    /// 전북, KR-45.
    NorthJeolla = "KR-45", "전북";
    /// 전남, KR-46.
    SouthJeolla = "KR-46", "전남";
    /// 경북, KR-47.
    NorthGyeongsang = "KR-47", "경북";
    /// 경남, KR-48.
    SouthGyeongsang = "KR-48", "경남";
    /// 제주, KR-49.
    Jeju = "KR-49", "제주";
    /// 세종, KR-50.
    Sejong = "KR-50", "세종";
}

/// The text is not a code of ISO 3166-2:KR.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("expected an ISO 3166-2 code of Korea, as KR-11 for Seoul")]
pub struct BadRegion;

impl FromStr for Region {
    type Err = BadRegion;

    /// Takes the ISO code or the short Korean name.
    fn from_str(text: &str) -> Result<Self, BadRegion> {
        Self::ALL.into_iter().find(|region| region.code() == text || region.korean() == text).ok_or(BadRegion)
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
