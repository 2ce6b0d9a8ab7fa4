# language: zh-CN
# 每一步的英文说法与中文并列写在 scenarios/steps 中，运行 onecard scenarios steps 可列出。
# The English phrase of each step stands beside the Chinese in scenarios/steps: onecard scenarios steps.
@region-NM
功能: 内蒙古的卡与码 / Card and code in Inner Mongolia

  # 功能由平台绑定到卡，芯片未写入，离线终端读不到，故不标 NM-7d / bound at the platform, the chip is not written: no tag NM-7d
  场景: 国家要求的码加载到社会保障卡后由卡和码使用 / A nationally required code works from the card once it is loaded
    假如 自治区已公布“旅游观光”场景的事项“景区预约入园”
    而且 居民“甲”持有已激活的社会保障卡
    而且 居民“甲”在手机上签发了电子社会保障卡
    当 国家要求发放“旅游观光”场景的二维码“全国入园码”，用于“景区预约入园”
    而且 录入“全国入园码”的持有人“N-1、N-2”
    那么 居民“甲”持“实体卡”使用“全国入园码”的功能，结果为“不通过”
    当 “全国入园码”持有人“N-1”的功能加载到居民“甲”的社会保障卡
    那么 居民“甲”持“实体卡”使用“全国入园码”的功能，结果为“有效”
    而且 居民“甲”持“电子社会保障卡”使用“全国入园码”的功能，结果为“有效”
    而且 “全国入园码”的融合进度为50%

  # 九个领域尚未全部建成，故不标 NM-2 / not all nine domains are there: no tag NM-2
  场景大纲: 内蒙古实体卡与电子卡在已有服务中结果相同 / Card and electronic card give the same result in Inner Mongolia
    假如 居民“甲”持有已激活的社会保障卡
    而且 居民“甲”在手机上签发了电子社会保障卡
    当 居民“甲”持“<carrier>”在“医院”办理
    那么 办理成功，核验到居民“甲”本人
    当 居民“甲”持“<carrier>”在“图书馆”办理
    那么 办理成功，核验到居民“甲”本人
    当 居民“甲”持“<carrier>”在“自助终端”办理
    那么 办理成功，核验到居民“甲”本人
    当 居民“甲”持“<carrier>”在“服务窗口”办理
    那么 办理成功，核验到居民“甲”本人
    当 居民“甲”持“<carrier>”在“网上服务平台”办理
    那么 办理成功，核验到居民“甲”本人
    当 居民“甲”挂失社会保障卡
    当 居民“甲”持“<carrier>”在“医院”办理
    那么 不予办理，理由是“卡未激活”
    当 居民“甲”持“<carrier>”在“图书馆”办理
    那么 不予办理，理由是“卡未激活”
    当 居民“甲”持“<carrier>”在“自助终端”办理
    那么 不予办理，理由是“卡未激活”
    当 居民“甲”持“<carrier>”在“服务窗口”办理
    那么 不予办理，理由是“卡未激活”
    当 居民“甲”持“<carrier>”在“网上服务平台”办理
    那么 不予办理，理由是“卡未激活”

    例子:
      | carrier        |
      | 实体卡         |
      | 电子社会保障卡 |
