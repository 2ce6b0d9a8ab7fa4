# language: zh-CN
# 每一步的英文说法与中文并列写在 scenarios/steps 中，运行 onecard scenarios steps 可列出。
# The English phrase of each step stands beside the Chinese in scenarios/steps: onecard scenarios steps.
@region-CQ
功能: 乘公交、用餐、看病 / Buses, meals, treatment

  背景:
    假如 一位重庆市户籍居民“甲”，尚无社会保障卡
    当 居民“甲”凭申领登记表和居民身份证申领社会保障卡
    而且 制卡中心按平台的个人化映像制作居民“甲”的卡
    而且 居民“甲”在柜面激活社会保障卡
    而且 居民“甲”在柜面为卡上钱包充值50.00元

  场景: 地铁换乘公交有优惠 / From metro to bus costs less
    当 居民“甲”在“较场口”站刷卡进站
    而且 居民“甲”在“李子坝”站刷卡出站
    那么 平台核验交易验证码，本次乘车计费3.00元
    当 居民“甲”乘“B104”路公交刷卡
    那么 公交车载机扣款1.00元
    而且 居民“甲”的卡上余额为46.00元
    而且 平台账目平衡

  场景: 脱机的食堂照常收款，恢复后补登 / A canteen without a line takes payments and tells of them later
    假如 食堂收款机与平台断开
    当 居民“甲”在食堂用卡消费12.50元
    那么 食堂收款成功
    当 居民“甲”在食堂用卡消费8.00元
    那么 食堂收款机中有2笔签名交易待上送
    当 食堂收款机恢复联机并上送
    那么 居民“甲”的卡上余额为29.50元
    而且 平台账目平衡

  场景: 个人账户圈存到卡，在医院结算 / The personal account is loaded and pays in a hospital
    当 医保经办机构给居民“甲”的个人账户划入100.00元
    而且 居民“甲”在柜面将个人账户60.00元圈存到卡
    而且 居民“甲”在医院凭卡结算75.00元
    那么 个人账户支付60.00元，现金支付15.00元
    而且 居民“甲”的卡上个人账户余额为0.00元
    而且 平台账目平衡
