//! Size class and region of a company.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::{fmt, str::FromStr};
use scale_info::TypeInfo;

/// Size of a company by Korean law.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    TypeInfo,
    MaxEncodedLen,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
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

/// One of the seventeen provinces and cities of ISO 3166-2:KR. JSON and text have the ISO code, as `KR-11`.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    TypeInfo,
    MaxEncodedLen,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Region {
    /// 서울, KR-11.
    #[cfg_attr(feature = "serde", serde(rename = "KR-11"))]
    Seoul,
    /// 부산, KR-26.
    #[cfg_attr(feature = "serde", serde(rename = "KR-26"))]
    Busan,
    /// 대구, KR-27.
    #[cfg_attr(feature = "serde", serde(rename = "KR-27"))]
    Daegu,
    /// 인천, KR-28.
    #[cfg_attr(feature = "serde", serde(rename = "KR-28"))]
    Incheon,
    /// 광주, KR-29.
    #[cfg_attr(feature = "serde", serde(rename = "KR-29"))]
    Gwangju,
    /// 대전, KR-30.
    #[cfg_attr(feature = "serde", serde(rename = "KR-30"))]
    Daejeon,
    /// 울산, KR-31.
    #[cfg_attr(feature = "serde", serde(rename = "KR-31"))]
    Ulsan,
    /// 경기, KR-41.
    #[cfg_attr(feature = "serde", serde(rename = "KR-41"))]
    Gyeonggi,
    /// 강원, KR-42.
    #[cfg_attr(feature = "serde", serde(rename = "KR-42"))]
    Gangwon,
    /// 충북, KR-43.
    #[cfg_attr(feature = "serde", serde(rename = "KR-43"))]
    NorthChungcheong,
    /// 충남, KR-44.
    #[cfg_attr(feature = "serde", serde(rename = "KR-44"))]
    SouthChungcheong,
    /// 전북, KR-45.
    #[cfg_attr(feature = "serde", serde(rename = "KR-45"))]
    NorthJeolla,
    /// 전남, KR-46.
    #[cfg_attr(feature = "serde", serde(rename = "KR-46"))]
    SouthJeolla,
    /// 경북, KR-47.
    #[cfg_attr(feature = "serde", serde(rename = "KR-47"))]
    NorthGyeongsang,
    /// 경남, KR-48.
    #[cfg_attr(feature = "serde", serde(rename = "KR-48"))]
    SouthGyeongsang,
    /// 제주, KR-49.
    #[cfg_attr(feature = "serde", serde(rename = "KR-49"))]
    Jeju,
    /// 세종, KR-50.
    #[cfg_attr(feature = "serde", serde(rename = "KR-50"))]
    Sejong,
}

impl Region {
    /// Every region, by code.
    pub const ALL: [Self; 17] = [
        Self::Seoul,
        Self::Busan,
        Self::Daegu,
        Self::Incheon,
        Self::Gwangju,
        Self::Daejeon,
        Self::Ulsan,
        Self::Gyeonggi,
        Self::Gangwon,
        Self::NorthChungcheong,
        Self::SouthChungcheong,
        Self::NorthJeolla,
        Self::SouthJeolla,
        Self::NorthGyeongsang,
        Self::SouthGyeongsang,
        Self::Jeju,
        Self::Sejong,
    ];

    /// The ISO 3166-2 code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Seoul => "KR-11",
            Self::Busan => "KR-26",
            Self::Daegu => "KR-27",
            Self::Incheon => "KR-28",
            Self::Gwangju => "KR-29",
            Self::Daejeon => "KR-30",
            Self::Ulsan => "KR-31",
            Self::Gyeonggi => "KR-41",
            Self::Gangwon => "KR-42",
            Self::NorthChungcheong => "KR-43",
            Self::SouthChungcheong => "KR-44",
            Self::NorthJeolla => "KR-45",
            Self::SouthJeolla => "KR-46",
            Self::NorthGyeongsang => "KR-47",
            Self::SouthGyeongsang => "KR-48",
            Self::Jeju => "KR-49",
            Self::Sejong => "KR-50",
        }
    }

    /// The Korean name in short.
    pub const fn korean(self) -> &'static str {
        match self {
            Self::Seoul => "서울",
            Self::Busan => "부산",
            Self::Daegu => "대구",
            Self::Incheon => "인천",
            Self::Gwangju => "광주",
            Self::Daejeon => "대전",
            Self::Ulsan => "울산",
            Self::Gyeonggi => "경기",
            Self::Gangwon => "강원",
            Self::NorthChungcheong => "충북",
            Self::SouthChungcheong => "충남",
            Self::NorthJeolla => "전북",
            Self::SouthJeolla => "전남",
            Self::NorthGyeongsang => "경북",
            Self::SouthGyeongsang => "경남",
            Self::Jeju => "제주",
            Self::Sejong => "세종",
        }
    }
}

/// The text is not a code of ISO 3166-2:KR.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BadRegion;

impl fmt::Display for BadRegion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected an ISO 3166-2 code of Korea, as KR-11 for Seoul")
    }
}

impl core::error::Error for BadRegion {}

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
