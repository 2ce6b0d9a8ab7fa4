# language: zh-CN
# 每一步的英文说法与中文并列写在 scenarios/steps 中，运行 onecard scenarios steps 可列出。
# The English phrase of each step stands beside the Chinese in scenarios/steps: onecard scenarios steps.
# 课程用的场景，任何地区都可演示 / For lessons: these can be shown in any region.
@region-CQ
功能: 单项功能演示 / Functions shown one by one

  场景: 在手机上签发电子社会保障卡，到医院、图书馆使用 / An electronic card is signed on a phone and serves in hospital and library
    假如 居民“甲”持有已激活的社会保障卡
    当 居民“甲”在手机上签发电子社会保障卡
    而且 居民“甲”持“电子社会保障卡”在“医院”办理
    那么 办理成功，核验到居民“甲”本人
    当 居民“甲”持“电子社会保障卡”在“图书馆”办理
    那么 办理成功，核验到居民“甲”本人
    当 居民“甲”挂失社会保障卡
    而且 居民“甲”持“电子社会保障卡”在“医院”办理
    那么 不予办理，理由是“卡未激活”

  场景: 凭卡在医院结算，个人账户与现金各付多少 / A bill in hospital is settled by card, from the account and in cash
    假如 居民“甲”持有已激活的社会保障卡
    当 医保经办机构给居民“甲”的个人账户划入60.00元
    而且 居民“甲”持“实体卡”在医院结算75.00元
    那么 个人账户支付60.00元，现金支付15.00元
    而且 平台账目平衡

  场景: 未做资格认证的养老金停发，凭卡认证后发放 / A pension is held back without certification, and paid after it
    假如 居民“甲”持有社会保障卡，银行账户已加载
    当 为居民“甲”报送“养老保险待遇”的发放文件
    而且 另一人复核放行，平台执行发放
    那么 居民“甲”的款项被停发，原因是“未做资格认证”
    假如 居民“甲”凭社会保障卡完成待遇资格认证
    那么 居民“甲”的款项为“已发放”
    而且 平台账目平衡

  场景: 充值后刷卡乘本地公交，按公布票价扣款 / A ride by bus takes the published fare from the card
    假如 居民“甲”持有已激活的社会保障卡
    当 居民“甲”在柜面为卡上钱包充值50.00元
    而且 居民“甲”乘本地一路公交刷卡
    那么 公交车载机按公布票价扣款
    而且 平台账目平衡
