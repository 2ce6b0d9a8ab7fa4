# language: zh-CN
# 每一步的英文说法与中文并列写在 scenarios/steps 中，运行 onecard scenarios steps 可列出。
# The English phrase of each step stands beside the Chinese in scenarios/steps: onecard scenarios steps.
@region-NM
功能: 内蒙古防伪造、变造 / Forged cards in Inner Mongolia

  @NM-23c
  场景大纲: 凡伪造、克隆、变造的卡，柜面、医院和闸机一律拒绝 / Counter, hospital and gate all reject a card that is forged, cloned or altered
    假如 居民“甲”持有已激活的社会保障卡
    而且 居民“乙”持有已激活的社会保障卡
    当 居民“甲”在柜面为卡上钱包充值50.00元
    假如 有人<手段>
    当 居民“甲”的假卡在“柜面”出示
    那么 终端认证不通过，不予受理
    当 居民“甲”的假卡在“医院”出示
    那么 终端认证不通过，不予受理
    当 居民“甲”的假卡在“伊利健康谷”出示
    那么 终端认证不通过，不予受理
    而且 平台留有这次拒绝的记录
    当 居民“甲”的真卡在“柜面”出示
    那么 终端认证通过
    而且 卡内信息与居民“甲”的申领登记一致
    当 居民“甲”的真卡在“医院”出示
    那么 终端认证通过
    当 居民“甲”的真卡在“伊利健康谷”出示
    那么 终端认证通过

    例子:
      | 手段 |
      | 用另一测试床的密钥伪造了居民“甲”的卡 |
      | 读出居民“甲”的卡的公开内容，克隆了一张 |
      | 把居民“乙”的芯片变造成居民“甲”的卡 |

  @NM-23c
  场景: 未经认证写不进真卡，复制或改动的乘车记录一律不收 / Nobody writes a genuine card without authentication; a copied or altered tap is not taken
    假如 居民“甲”持有已激活的社会保障卡
    当 居民“甲”在柜面为卡上钱包充值50.00元
    而且 有人不经认证改写居民“甲”的卡上的姓名
    那么 卡片拒绝改写
    当 居民“甲”的真卡在“柜面”出示
    那么 终端认证通过
    而且 卡内信息与居民“甲”的申领登记一致
    当 居民“甲”的真卡在“伊利健康谷”出示
    那么 终端认证通过
    当 有人复制闸机的这笔进站记录上送
    那么 平台拒绝，理由是“记录已上送过”
    当 有人把这笔进站记录改为另一次进站上送
    那么 平台拒绝，理由是“交易验证码不正确”
    而且 平台账目平衡
