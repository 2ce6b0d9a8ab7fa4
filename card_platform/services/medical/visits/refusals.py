"""What is refused of visits, sales and prescriptions."""

from __future__ import annotations

from card_platform.errors import Refusal


class VisitIsUnknown(Refusal):
    """There is none of that id, or it is another institution's."""

    code = "medical-visit-unknown"
    status = 404
    title = "Visit unknown"
    zh = "本单位没有此就诊记录。"
    en = "The institution has no such visit."


class VisitStateForbids(Refusal):
    """A step out of order (NM-14b)."""

    code = "medical-visit-state-forbids"
    status = 409
    title = "Visit's state forbids this"
    zh = "就诊状态为 {state}，不能 {action}；此状态下可办理：{allowed}。"
    en = "The visit is {state}; it does not allow {action}. Allowed now: {allowed}."


class ItemIsNotListed(Refusal):
    """The region's catalogue has no such item."""

    code = "medical-item-unknown"
    status = 422
    title = "Item not in the catalogue"
    zh = "医保目录中没有项目 {item}。"
    en = "The catalogue of medical insurance has no item {item}."


class ItemIsNoMedicine(Refusal):
    """Only medicines are prescribed and sold."""

    code = "medical-item-no-medicine"
    status = 422
    title = "Item is no medicine"
    zh = "项目 {item} 不是药品，不能开具处方或者在药店销售。"
    en = "The item {item} is no medicine; it is neither prescribed nor sold by a pharmacy."


class LinesAreTooMany(Refusal):
    """More lines than one settlement takes."""

    code = "medical-lines-too-many"
    status = 422
    title = "Too many lines"
    zh = "一次就诊最多 {limit} 条费用明细。"
    en = "A visit has at most {limit} lines."


class BillIsEmpty(Refusal):
    """Nothing was charged."""

    code = "medical-bill-empty"
    status = 409
    title = "Nothing to settle"
    zh = "没有费用明细，无可结算。"
    en = "Nothing was charged; there is nothing to settle."


class BedDaysExceedStay(Refusal):
    """More days in bed than the patient stayed."""

    code = "bed-days-exceed-stay"
    status = 422
    title = "More bed days than the stay"
    zh = "床位费 {charged} 天，住院 {stayed} 天。"
    en = "{charged} bed days are charged for a stay of {stayed} days."


class PrescriptionIsNeeded(Refusal):
    """The medicine is sold on prescription only, and not more of it than is prescribed."""

    code = "prescription-needed"
    status = 422
    title = "Prescription needed"
    zh = "{item} 为处方药，本次销售没有相应处方或者超出处方数量。"
    en = "{item} is sold on prescription only, and the sale has none for it or for so much of it."


class PrescriptionIsUnknown(Refusal):
    """There is none of that id for this holder."""

    code = "prescription-unknown"
    status = 404
    title = "Prescription unknown"
    zh = "该持卡人没有此处方。"
    en = "The holder has no such prescription."


class PrescriptionHasExpired(Refusal):
    """Its last day is over."""

    code = "prescription-expired"
    status = 409
    title = "Prescription expired"
    zh = "处方有效期至 {until}，已过期。"
    en = "The prescription held until {until}; it has expired."


class PrescriptionStateForbids(Refusal):
    """A prescription is filled once."""

    code = "prescription-state-forbids"
    status = 409
    title = "Prescription's state forbids this"
    zh = "处方状态为 {state}，不能 {action}；此状态下可办理：{allowed}。"
    en = "The prescription is {state}; it does not allow {action}. Allowed now: {allowed}."


class BuyerHasNoMandate(Refusal):
    """Whoever buys for the holder is mandated by the holder."""

    code = "buyer-has-no-mandate"
    status = 403
    title = "Buyer has no mandate"
    zh = "代购人没有持卡人的有效委托；请持卡人先登记代办人。"
    en = "Whoever buys has no valid mandate of the holder; the holder must name the agent first."


class CashDiffers(Refusal):
    """The cash is what the settlement left, to the fen."""

    code = "medical-cash-differs"
    status = 422
    title = "Cash differs"
    zh = "应付现金 {due_fen} 分，收到 {paid_fen} 分。"
    en = "{due_fen} fen are due in cash, {paid_fen} were paid."


class PatientIsAdmittedElsewhere(Refusal):
    """Nobody lies in two hospitals, of one region or two: a stay ends before the next begins."""

    code = "patient-already-admitted"
    status = 409
    title = "Patient already admitted"
    zh = "该参保人员有一次住院尚未出院，出院之后才能再次入院。"
    en = "A stay of the patient has not ended; the next one begins after that."


class ReceiptIsNotIssued(Refusal):
    """A receipt is issued with the payment."""

    code = "medical-receipt-not-issued"
    status = 404
    title = "No receipt yet"
    zh = "该就诊尚未缴费，没有票据。"
    en = "The visit is not paid yet; it has no receipt."


class VisitIsOfAnotherRegion(Refusal):
    """Only the holder's region can say what a settlement would come to."""

    code = "medical-visit-of-another-region"
    status = 409
    title = "Visit of another region's holder"
    zh = "持卡人参保在 {region}，预结算须向该地区查询。"
    en = "The holder is insured in {region}; a preview is asked of that region."
