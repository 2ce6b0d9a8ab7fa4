# language: zh-CN
# 每一步的英文说法与中文并列写在 scenarios/steps 中，运行 onecard scenarios steps 可列出。
# The English phrase of each step stands beside the Chinese in scenarios/steps: onecard scenarios steps.
@region-SC
功能: 四川的帮办服务 / Assisted service in Sichuan

  @SC-g
  场景: 四川老年人、残疾人在帮办中慢慢办理，结果与普通途径一致 / Taking one's time with help in Sichuan ends in the same result
    假如 居民“甲”持有已激活的社会保障卡
    而且 居民“乙”持有已激活的社会保障卡
    而且 网点经办人用账号和密码登录
    当 经办人在会话中为居民“甲”办理“密码重置”
    而且 经办人开始帮办居民“乙”
    而且 又过了20分钟
    那么 经办人的会话仍然有效
    当 又过了20分钟
    而且 经办人在会话中为居民“乙”办理“密码重置”
    那么 居民“乙”和居民“甲”的办理结果一致

  @SC-g
  场景: 四川没有帮办的会话照常因空闲结束 / Without help a session ends unused as ever in Sichuan
    假如 居民“甲”持有已激活的社会保障卡
    而且 网点经办人用账号和密码登录
    当 又过了20分钟
    那么 经办人的会话已因空闲结束
    假如 网点经办人用账号和密码登录
    当 经办人开始帮办居民“甲”
    而且 又过了20分钟
    而且 经办人结束帮办
    那么 经办人的会话仍然有效
    当 又过了20分钟
    那么 经办人的会话已因空闲结束

  @SC-g
  场景大纲: 四川自助终端的大字、语音方式与普通方式结果相同 / Large print and voice at a kiosk end in the same result in Sichuan
    假如 居民“甲”持有已激活的社会保障卡
    而且 居民“乙”持有已激活的社会保障卡
    当 居民“甲”在自助终端以“普通”方式充值50元，每次回答用时10秒
    而且 居民“乙”在自助终端以“<way>”方式充值50元，每次回答用时80秒
    那么 居民“乙”和居民“甲”的自助办理都已办成，结果一致
    当 居民“甲”在自助终端以“普通”方式更改密码，每次回答用时10秒
    而且 居民“乙”在自助终端以“<way>”方式更改密码，每次回答用时80秒
    那么 居民“乙”和居民“甲”的自助办理都已办成，结果一致
    而且 平台账目平衡

    例子:
      | way  |
      | 大字 |
      | 语音 |

  @SC-g
  场景: 四川自助终端普通方式等候过久即结束，卡内没有变动 / Who takes too long in the ordinary way in Sichuan loses nothing
    假如 居民“甲”持有已激活的社会保障卡
    当 居民“甲”在自助终端以“普通”方式充值50元，每次回答用时80秒
    那么 居民“甲”的自助办理因等候过久结束，卡内没有变动
    当 居民“甲”在自助终端以“普通”方式更改密码，每次回答用时80秒
    那么 居民“甲”的自助办理因等候过久结束，卡内没有变动
