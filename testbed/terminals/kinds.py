"""The kinds of terminals that `onecard terminals run` can start."""

from __future__ import annotations

from typing import Final

import msgspec


class Kind(msgspec.Struct, frozen=True):
    """A kind: its name here, what the platform enrols it as, what it does."""

    name: str
    enrolled_as: str
    zh: str
    en: str


GATE: Final = Kind(
    "gate",
    "metro_gate",
    "地铁闸机：进站，或出站扣费（换乘、证件、年龄优惠，日与月封顶）",
    "metro gate: entry, or exit for the fare (less transfer, certificate, age, caps)",
)
BUS: Final = Kind(
    "bus",
    "bus_validator",
    "公交车载机：上车刷卡扣费",
    "bus validator: one tap aboard pays the ride",
)
STATION_DESK: Final = Kind(
    "station-desk",
    "counter",
    "车站补票台：为缺少出站或进站记录的行程补票",
    "help desk of a station: ends a ride whose exit or entry is missing",
)
CANTEEN: Final = Kind(
    "canteen",
    "canteen",
    "食堂收款机：电子钱包消费，一笔账单一张卡只付一次",
    "canteen till: a purchase from the purse; a card pays a bill once",
)
HOSPITAL: Final = Kind(
    "hospital",
    "hospital_desk",
    "医院窗口：挂号识别，医保钱包结算（先当年账户，后历年账户，余额付现金）",
    "hospital desk: who is the patient; settles a bill from the medical purse, the rest is cash",
)
PHARMACY: Final = Kind(
    "pharmacy",
    "pharmacy",
    "药店收款台：识别顾客，从一个医保账户付款",
    "pharmacy: who is the customer; a purchase from one medical account",
)
COUNTER: Final = Kind(
    "counter",
    "counter",
    "服务柜台：用平台密钥读卡、核验身份，可充值、重置密码、写入功能",
    "service counter: reads the card with the platform's keys, checks identity, loads purses, "
    "resets PINs, writes functions",
)
KIOSK: Final = Kind(
    "kiosk",
    "kiosk",
    "自助终端：显示钱包与交易，可改 PIN、可充值；可用大字或语音引导",
    "self-service kiosk: shows purses and log, changes the PIN, loads purses; leads holders in "
    "large print or by voice",
)
LIBRARY: Final = Kind(
    "library",
    "library_desk",
    "图书馆借阅台：谁在借阅、持何证件，可收费",
    "library desk: who borrows, under which certificates; takes fees",
)
FUNCTION_DESK: Final = Kind(
    "function-desk",
    "entrance",
    "验卡台：融合到社保卡的一项功能能否使用（如入园、借阅），离线时凭芯片判断",
    "function desk: does a function merged into the card work, such as entry or lending; by the "
    "chip while the platform is away",
)

KINDS: Final = (
    GATE, BUS, STATION_DESK, CANTEEN, HOSPITAL, PHARMACY, COUNTER, KIOSK, LIBRARY, FUNCTION_DESK
)  # fmt: skip
ENROLLED_AT: Final = {"entrance": "entrance", "library": "library_desk"}
"""What the platform enrols a function desk as, by where it stands."""
