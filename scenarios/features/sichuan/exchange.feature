# language: zh-CN
# 每一步的英文说法与中文并列写在 scenarios/steps 中，运行 onecard scenarios steps 可列出。
# The English phrase of each step stands beside the Chinese in scenarios/steps: onecard scenarios steps.
@region-SC
功能: 四川与部门互联互通 / Sichuan and its departments

  @SC-o
  场景: 四川部门系统以自己的身份实时读写 / A department of Sichuan reads and writes at once under its own identity
    假如 “省民政厅”的信息系统已以自己的身份接入
    而且 一位居民“甲”，尚无社会保障卡
    当 居民“甲”凭申领登记表和居民身份证申领社会保障卡
    而且 居民“甲”同意“省民政厅”为“救助核对”查询其姓名和卡号
    而且 “省民政厅”系统为“救助核对”查询居民“甲”的姓名
    那么 系统即时得到居民“甲”的姓名
    而且 居民“甲”的访问记录中最近一次由“省民政厅”查询，结果为“已准许”
    当 “省民政厅”系统为“商业推广”查询居民“甲”的姓名
    那么 平台拒绝，理由是“用途不符”
    当 “省民政厅”系统将居民“甲”的信息转给“某公司”
    那么 平台拒绝，理由是“提供第三方”
    当 “省民政厅”系统通报居民“甲”死亡
    那么 居民“甲”的实体卡状态为“已注销”

