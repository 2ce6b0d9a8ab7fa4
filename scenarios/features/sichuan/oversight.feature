# language: zh-CN
# 每一步的英文说法与中文并列写在 scenarios/steps 中，运行 onecard scenarios steps 可列出。
# The English phrase of each step stands beside the Chinese in scenarios/steps: onecard scenarios steps.
@region-SC
功能: 四川的监督投诉渠道 / Complaints in Sichuan

  @SC-p
  场景: 四川各渠道的咨询、投诉、举报都有编号、状态和答复 / Every channel of Sichuan has number, state and answer
    当 公众经网点、线上、12333、12345和银行分别提出咨询、投诉、举报
    那么 每一件都有编号和状态，凭编号和查询码可查
    当 工作人员逐件答复
    那么 每一件都可查到答复
    当 公众凭错误的查询码查询
    那么 平台拒绝，理由是“没有该件”

  @SC-p
  场景: 四川的投诉由受理到满意 / A complaint in Sichuan from filing to satisfied
    假如 居民“甲”持有已激活的社会保障卡
    当 居民“甲”不登录，自行以“线上”渠道提交“投诉”
    那么 提出人凭编号和查询码看到该件由“线上”提出，状态为“已提出”
    当 工作人员受理该件
    而且 工作人员答复该件“已更换故障读卡器”
    那么 提出人凭编号和查询码看到该件由“线上”提出，状态为“已答复”
    而且 提出人看到该件的答复“已更换故障读卡器”
    当 提出人反馈“满意”
    那么 提出人凭编号和查询码看到该件由“线上”提出，状态为“已结案”
