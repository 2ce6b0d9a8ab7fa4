# language: zh-CN
# 每一步的英文说法与中文并列写在 scenarios/steps 中，运行 onecard scenarios steps 可列出。
# The English phrase of each step stands beside the Chinese in scenarios/steps: onecard scenarios steps.
@region-SC
功能: 四川一卡通应用目录 / The catalogue of Sichuan

  @SC-c
  场景: 四川不再发功能重复或者类似的卡证码 / Sichuan refuses duplicates and look-alikes
    假如 全省已公布“文化体验”场景的事项“图书借阅”
    当 有关部门拟新发“文化体验”场景的卡“读者卡”，用于“图书借阅”
    那么 平台拒绝，理由是“功能重复”
    当 有关部门拟新发“文化体验”场景的二维码“书香码”，用于“公共图书借阅”
    那么 平台拒绝，理由是“功能类似”
    当 有关部门拟新发“文化体验”场景的证“书香证”，用于“图书馆借阅”
    那么 平台拒绝，理由是“功能类似”

  @SC-j
  场景: 内江与荣昌之间新增两地自己的事项 / A pair of areas adds items of its own
    假如 “重庆”平台与本地平台已互联
    当 “文化和旅游部门”为内江市编制协议“neijiang-rongchang”下的事项“内荣文化馆入馆”
    而且 内江市人民政府批准事项“内荣文化馆入馆”
    那么 事项“内荣文化馆入馆”还待1方批准
    当 内江市公布事项“内荣文化馆入馆”
    那么 平台拒绝，理由是“尚未批准”
    当 荣昌区人民政府在“重庆”平台批准事项“内荣文化馆入馆”
    而且 内江市公布事项“内荣文化馆入馆”
    那么 公众在内江市的目录中能查到事项“内荣文化馆入馆”
    而且 公众在全省的目录中查不到事项“内荣文化馆入馆”
