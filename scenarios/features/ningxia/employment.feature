# language: zh-CN
# 每一步的英文说法与中文并列写在 scenarios/steps 中，运行 onecard scenarios steps 可列出。
# The English phrase of each step stands beside the Chinese in scenarios/steps: onecard scenarios steps.
@region-NX
功能: 人社业务 / Employment and social insurance

  @NX-9a
  场景: 宁夏凭卡和融合码办理人社业务，有状态、时限和结果 / business of Ningxia by card and fusion code, with state, deadline and result
    假如 居民“甲”持有已激活的社会保障卡
    那么 人社业务涵盖“就业创业、劳动关系、人才服务、养老保险、医疗保险、工伤保险、失业保险、生育保险”，其中46项可跨地区通办
    当 居民“甲”持卡办理“失业保险金申领”
    那么 平台拒绝，理由是“未参加该保险”
    当 居民“甲”持卡办理“社会保险参保登记”
    而且 人社部门“要求补正”该业务
    那么 该业务“待补正”
    当 人社部门“收到补正”该业务
    而且 人社部门“办结”该业务
    那么 该业务“已办结”
    当 居民“甲”持卡办理“社会保险参保缴费记录查询”
    那么 该业务“已办结”
    而且 告知的参保险种共5项
    当 居民“甲”持卡办理“社会保险参保登记”
    那么 平台拒绝，理由是“已参加该保险”
    当 居民“甲”在手机上签发电子社会保障卡
    而且 居民“甲”凭“宁夏融合码”办理“社会保险参保缴费记录查询”
    那么 该业务“已办结”
    而且 告知的参保险种共5项
    当 居民“甲”挂失社会保障卡
    而且 居民“甲”持卡办理“失业保险金申领”
    那么 平台拒绝，理由是“卡未激活”

  @NX-9a
  场景大纲: 宁夏凭卡办理就业、劳动关系、人才和社会保险业务 / employment, labour relations, talent and insurance of Ningxia by card
    假如 居民“甲”持有已激活的社会保障卡
    而且 居民“甲”已参加五项社会保险
    当 居民“甲”持卡办理“<业务>”
    而且 人社部门“办结”该业务
    那么 该业务“已办结”

    例子:
      | 业务 |
      | 灵活就业登记 |
      | 拖欠农民工工资线索投诉 |
      | 流动人员人事档案接收转递 |
      | 企业职工基本养老保险待遇申领 |
      | 基本医疗保险关系转移接续 |
      | 工伤保险待遇申领 |
      | 失业保险金申领 |
      | 生育津贴申领 |
