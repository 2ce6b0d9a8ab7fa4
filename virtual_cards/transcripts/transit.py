"""Commands and files of the transit purse, field by field (JT/T 978)."""

from __future__ import annotations

from typing import Final

from virtual_cards.apdu.command import CommandApdu
from virtual_cards.assumptions import DAY_STATE_RECORD_ID
from virtual_cards.transcripts import values
from virtual_cards.transcripts.dialogue_state import DialogueState
from virtual_cards.transcripts.layout import Layout, Meaning, Part

_COMPLEX_APPLICATIONS: Final = 0x1A
_CITY_DISCOUNTS: Final = 0x19
_TYPES: Final = {
    0x02: "02 圈存 / load",
    0x05: "05 消费 / purchase",
    0x06: "06 消费 / purchase",
    0x09: "09 复合消费 / complex purchase",
}
_JOURNEYS: Final = {
    0x01: "01 电子现金进站 / entry (EC)",
    0x02: "02 电子现金出站 / exit (EC)",
    0x03: "03 进站 / entry",
    0x04: "04 出站 / exit",
    0x05: "05 单次消费 / single ride (EC)",
    0x06: "06 单次消费 / single ride",
    0x07: "07 补票 / fare adjustment (EC)",
    0x08: "08 补票 / fare adjustment",
    0x09: "09 圈存 / load (EC)",
    0x0A: "0A 圈存 / load",
}
_INDUSTRIES: Final = {
    0x01: "01 轨道 / metro",
    0x02: "02 公交 / bus",
    0x03: "03 轮渡 / ferry",
    0x04: "04 出租 / taxi",
}
_RAIL_STATES: Final = {0x00: "00 站外 / out", 0x01: "01 已进站 / inside", 0x02: "02 已出站 / left"}
_BUS_STATES: Final = {0x00: "00 未上车 / out", 0x01: "01 已上车 / on", 0x02: "02 已下车 / off"}
_DIRECTIONS: Final = {0xAB: "AB 上行 / outbound", 0xBA: "BA 下行 / inbound"}
_BALANCES: Final = {
    0: ("含透支额度的余额", "balance with overdraft"),
    1: ("透支限额", "overdraft limit"),
    2: ("已透支金额", "overdraft used"),
    3: ("净余额", "net balance"),
}


def _part_of(names: dict[int, str], name_zh: str, name_en: str) -> Part:
    return Part(1, name_zh, name_en, lambda value: names.get(value[0], value.hex().upper()))


_TYPE: Final = _part_of(_TYPES, "交易类型", "transaction type")
_AMOUNT: Final = Part(4, "交易金额", "amount", values.yuan)
_TERMINAL: Final = Part(6, "终端编号", "terminal number")
_MOMENT: Final = Part(7, "交易时间", "date and time", values.moment)
_TAC: Final = Part(4, "TAC", "TAC")
_KEY: Final = (Part(1, "密钥版本", "key version"), Part(1, "算法标识", "algorithm"))
_RANDOM: Final = Part(4, "随机数", "random")
_OVERDRAFT: Final = Part(3, "透支限额", "overdraft limit", values.yuan)
_BALANCE: Final = Part(4, "余额", "balance", values.yuan)
_TERMINAL_SEQUENCE: Final = Part(4, "终端交易序号", "terminal sequence", values.number)

_INITIALIZE: Final[Layout] = (Part(1, "密钥索引", "key index"), _AMOUNT, _TERMINAL)
_LOAD_INITIALISED: Final[Layout] = (
    _BALANCE,
    Part(2, "联机交易序号", "online sequence", values.number),
    *_KEY,
    _RANDOM,
    Part(4, "MAC1", "MAC1"),
)
_PURCHASE_INITIALISED: Final[Layout] = (
    _BALANCE,
    Part(2, "脱机交易序号", "offline sequence", values.number),
    _OVERDRAFT,
    *_KEY,
    _RANDOM,
)
_CREDIT: Final[Layout] = (_MOMENT, Part(4, "MAC2", "MAC2"))
_DEBIT: Final[Layout] = (_TERMINAL_SEQUENCE, _MOMENT, Part(4, "MAC1", "MAC1"))
_DEBITED: Final[Layout] = (_TAC, Part(4, "MAC2", "MAC2"))
_PROOF: Final[Layout] = (Part(4, "MAC", "MAC"), _TAC)

_INITIALIZE_TITLES: Final = {
    0x00: ("圈存初始化", "INITIALIZE FOR LOAD"),
    0x01: ("消费初始化", "INITIALIZE FOR PURCHASE"),
    0x03: ("复合消费初始化", "INITIALIZE FOR CAPP PURCHASE"),
}

FILE_LAYOUTS: Final[dict[int, Layout]] = {
    0x15: (
        Part(8, "发卡机构标识", "issuer"),
        Part(1, "应用类型", "application type"),
        Part(1, "应用版本", "application version"),
        Part(10, "应用序列号", "application serial"),
        Part(4, "启用日期", "valid from", values.date),
        Part(4, "有效日期", "valid until", values.date),
        Part(2, "自定义 FCI", "issuer's FCI data"),
    ),
    0x16: (
        Part(1, "卡类型", "holder type"),
        Part(20, "姓名", "name", values.masked_name, secret=True),
        Part(1, "证件类型", "document type"),
        Part(33, "证件号码", "document number", values.masked_number, secret=True),
    ),
    0x17: (
        Part(4, "国家代码", "country"),
        Part(2, "省级代码", "province"),
        Part(2, "城市代码", "city"),
        Part(2, "互通卡种", "interoperable kind"),
        Part(1, "卡种类型", "card kind"),
        Part(49, "预留", "reserved"),
    ),
    0x18: (
        Part(2, "交易序号", "sequence", values.number),
        _OVERDRAFT,
        _AMOUNT,
        _TYPE,
        _TERMINAL,
        _MOMENT,
    ),
    0x19: (
        Part(2, "记录标识", "record id"),
        Part(1, "记录长度", "record length", values.number),
        Part(1, "有效标识", "valid"),
        Part(4, "当日日期", "day", values.date),
        Part(1, "当日乘次", "rides of the day", values.number),
        Part(4, "当日累计消费", "spent that day", values.yuan),
        Part(4, "当日累计优惠", "saved that day", values.yuan),
        Part(7, "最近出站时间", "last exit time", values.moment),
        _part_of(_INDUSTRIES, "最近行业", "last industry"),
        Part(2, "最近地点", "last place"),
        Part(37, "预留", "reserved"),
    ),
    0x1A: (
        Part(2, "复合应用标识", "application id"),
        Part(1, "记录长度", "record length", values.number),
        Part(1, "应用有效标识", "valid"),
        Part(1, "互通标识", "interoperable"),
        Part(1, "锁定标识", "locked"),
        Part(8, "序列号", "serial"),
        _part_of(_RAIL_STATES, "进出站状态", "status"),
        Part(2, "进站城市", "entry city"),
        Part(2, "出站城市", "exit city"),
        Part(8, "进站机构", "entry organisation"),
        Part(8, "出站机构", "exit organisation"),
        Part(8, "进站站点", "entry station"),
        Part(8, "出站站点", "exit station"),
        Part(8, "进站设备", "entry device"),
        Part(8, "出站设备", "exit device"),
        Part(7, "进站时间", "entry time", values.moment),
        Part(7, "出站时间", "exit time", values.moment),
        Part(4, "最大消费金额", "maximum fare", values.yuan),
        Part(1, "进站线路", "entry line"),
        Part(1, "出站线路", "exit line"),
        Part(4, "进站金额", "entry amount", values.yuan),
        Part(4, "进站余额", "entry balance", values.yuan),
        Part(4, "出站金额", "exit amount", values.yuan),
        Part(29, "预留", "reserved"),
    ),
    0x1E: (
        _part_of(_JOURNEYS, "行程类型", "journey type"),
        Part(8, "终端编号", "terminal number"),
        _part_of(_INDUSTRIES, "行业代码", "industry"),
        Part(2, "线路", "line"),
        Part(2, "站点", "station"),
        Part(2, "运营商", "operator"),
        Part(1, "预留", "reserved"),
        _AMOUNT,
        Part(4, "交易后余额", "balance after", values.yuan),
        Part(7, "交易时间", "date and time", values.moment),
        Part(2, "受理城市", "acceptor city"),
        Part(8, "受理机构", "acceptor organisation"),
        Part(6, "预留", "reserved"),
    ),
}

_BUS: Final[Layout] = (
    *FILE_LAYOUTS[0x1A][:6],
    _part_of(_BUS_STATES, "上下车状态", "status"),
    Part(2, "上车城市", "entry city"),
    Part(8, "上车机构", "entry organisation"),
    Part(2, "上车运营商", "entry operator"),
    Part(2, "上车线路", "entry line"),
    Part(1, "上车站点", "entry stop"),
    Part(8, "上车车辆", "entry vehicle", values.text),
    Part(8, "上车设备", "entry device"),
    Part(7, "上车时间", "entry time", values.moment),
    Part(4, "标注票价", "marked fare", values.yuan),
    _part_of(_DIRECTIONS, "方向", "direction"),
    Part(2, "下车城市", "exit city"),
    Part(8, "下车机构", "exit organisation"),
    Part(2, "下车运营商", "exit operator"),
    Part(2, "下车线路", "exit line"),
    Part(1, "下车站点", "exit stop"),
    Part(8, "下车车辆", "exit vehicle", values.text),
    Part(8, "下车设备", "exit device"),
    Part(7, "下车时间", "exit time", values.moment),
    Part(4, "消费金额", "exit amount", values.yuan),
    Part(2, "里程", "distance"),
    Part(26, "预留", "reserved"),
)
_BY_IDENTIFIER: Final = {bytes.fromhex("2701"): _BUS}
"""Records of file 1A that are not of rail."""
_OTHER_DISCOUNT: Final[Layout] = (
    *FILE_LAYOUTS[0x19][:2],
    Part(125, "数据", "data"),
)


def layout_of(file: int | None, record: bytes) -> Layout | None:
    """How a file of the purse is cut; of 1A and 19 the identifier of the record decides."""
    if file == _COMPLEX_APPLICATIONS and record[:2] in _BY_IDENTIFIER:
        return _BY_IDENTIFIER[record[:2]]
    if file == _CITY_DISCOUNTS and record[:2] != DAY_STATE_RECORD_ID:
        return _OTHER_DISCOUNT
    return FILE_LAYOUTS.get(file or 0)


def initialize(command: CommandApdu, data: bytes, _state: DialogueState) -> Meaning:
    """8050."""
    meaning = Meaning(*_INITIALIZE_TITLES.get(command.p1, ("交易初始化", "INITIALIZE")))
    meaning.cut(command.data, _INITIALIZE)
    meaning.cut(data, _PURCHASE_INITIALISED if command.p1 else _LOAD_INITIALISED)
    return meaning


def credit_for_load(command: CommandApdu, data: bytes, _state: DialogueState) -> Meaning:
    """8052."""
    meaning = Meaning("圈存", "CREDIT FOR LOAD")
    meaning.cut(command.data, _CREDIT)
    meaning.cut(data, (_TAC,))
    return meaning


def debit_for_purchase(command: CommandApdu, data: bytes, _state: DialogueState) -> Meaning:
    """8054."""
    meaning = Meaning("消费 / 复合消费", "DEBIT FOR PURCHASE")
    meaning.cut(command.data, _DEBIT)
    meaning.cut(data, _DEBITED)
    return meaning


def transaction_proof(command: CommandApdu, data: bytes, _state: DialogueState) -> Meaning:
    """805A."""
    meaning = Meaning("取交易认证", "GET TRANSACTION PROVE")
    meaning.add("交易类型", "transaction type", _TYPES.get(command.p2, f"{command.p2:02X}"))
    meaning.add("交易序号", "sequence", values.number(command.data))
    meaning.cut(data, _PROOF)
    return meaning


def get_balance(command: CommandApdu, data: bytes, _state: DialogueState) -> Meaning:
    """805C."""
    meaning = Meaning("读余额", "GET BALANCE")
    name_zh, name_en = _BALANCES.get(command.p1, ("余额", "balance"))
    meaning.cut(data, (Part(4, name_zh, name_en, values.yuan),))
    return meaning


def update_cache(command: CommandApdu, _data: bytes, _state: DialogueState) -> Meaning:
    """80DC."""
    file = command.p2 >> 3
    meaning = Meaning(
        f"更新复合应用数据缓存（文件 {file:02X}）",
        f"UPDATE CAPP DATA CACHE (file {file:02X})",
    )
    layout = layout_of(file, command.data)
    if layout is None:
        meaning.add("数据", "data", values.hexadecimal(command.data))
    else:
        meaning.cut(command.data, layout)
    return meaning
