# language: zh-CN
# 每一步的英文说法与中文并列写在 scenarios/steps 中，运行 onecard scenarios steps 可列出。
# The English phrase of each step stands beside the Chinese in scenarios/steps: onecard scenarios steps.
@region-SH
功能: 长三角应用项目清单 / The list of the Yangtze Delta

  @YD-8
  场景: 四地共同编制，缺一不可 / Four sides compile it, none may be missing
    假如 “江苏”平台与本地平台已互联
    而且 “浙江”平台与本地平台已互联
    而且 “安徽”平台与本地平台已互联
    当 “文化和旅游部门”为上海编制协议“yangtze-delta”下的事项“长三角图书馆阅览”
    而且 上海人民政府批准事项“长三角图书馆阅览”
    而且 江苏人民政府在“江苏”平台批准事项“长三角图书馆阅览”
    而且 浙江人民政府在“浙江”平台批准事项“长三角图书馆阅览”
    那么 事项“长三角图书馆阅览”还待1方批准
    当 上海公布事项“长三角图书馆阅览”
    那么 平台拒绝，理由是“尚未批准”
    当 安徽人民政府批准事项“长三角图书馆阅览”
    那么 平台拒绝，理由是“须由对方平台决定”
    当 安徽人民政府在“安徽”平台批准事项“长三角图书馆阅览”
    而且 上海公布事项“长三角图书馆阅览”
    那么 公众在上海的目录中能查到事项“长三角图书馆阅览”

  @YD-16
  场景: 示范区先行先试 / The demonstration zone goes first
    当 “文化和旅游部门”为上海编制“文化体验”场景的事项“示范区演出入场”
    而且 上海人民政府批准事项“示范区演出入场”
    而且 上海公布事项“示范区演出入场”，“青浦区”先行，其余30天后启用
    那么 公众在青浦区的目录中能查到事项“示范区演出入场”
    而且 公众在上海的目录中查不到事项“示范区演出入场”

  @YD-7a
  场景: 上海公开申领条件、流程和时限 / Conditions, flow and time limits of Shanghai are public
    假如 青浦区的网点“青浦服务中心”配置了“读卡器、扫码终端、无障碍通道”
    那么 公众不登录即可查到申领条件、办理指南、办理时限和服务网点“青浦服务中心”
