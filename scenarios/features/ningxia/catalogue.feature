# language: zh-CN
# 每一步的英文说法与中文并列写在 scenarios/steps 中，运行 onecard scenarios steps 可列出。
# The English phrase of each step stands beside the Chinese in scenarios/steps: onecard scenarios steps.
@region-NX
功能: 宁夏一卡通应用目录 / The catalogue of Ningxia

  @NX-5 @NX-6
  场景: 宁夏目录明确部门、场景和场所并公布 / The list of Ningxia names owner, scene and sites
    当 “文化和旅游部门”为宁夏编制“文化体验”场景的事项“科技馆参观”
    而且 宁夏人民政府批准事项“科技馆参观”
    而且 宁夏公布事项“科技馆参观”
    那么 公众在宁夏的目录中能查到事项“科技馆参观”
    而且 目录中事项“科技馆参观”的责任部门为“文化和旅游部门”、层级为“省级”
    而且 目录中事项“科技馆参观”的应用场景为“文化体验”，并列明应用场所
    当 “不存在的部门”为宁夏编制“文化体验”场景的事项“无主事项”
    那么 平台拒绝，理由是“责任部门不在其列”

  场景: 宁夏网点须有读卡器和两种扫码终端 / A site of Ningxia needs reader and both scanners
    假如 宁夏已公布“政务服务”场景的事项“社保查询”
    而且 宁夏的网点“兴庆区服务中心”配置了“读卡器、电子社保卡扫码终端、无障碍通道”
    当 网点“兴庆区服务中心”开办事项“社保查询”
    那么 平台拒绝，理由是“缺少设施”
    当 网点“兴庆区服务中心”改为配置“读卡器、电子社保卡扫码终端、宁夏融合码扫码终端、无障碍通道”
    而且 网点“兴庆区服务中心”开办事项“社保查询”
    那么 网点“兴庆区服务中心”正在办理事项“社保查询”
