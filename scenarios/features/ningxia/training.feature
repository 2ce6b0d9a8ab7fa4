# language: zh-CN
# 每一步的英文说法与中文并列写在 scenarios/steps 中，运行 onecard scenarios steps 可列出。
# The English phrase of each step stands beside the Chinese in scenarios/steps: onecard scenarios steps.
@region-NX
功能: 宁夏的宣传培训 / Training in Ningxia

  @NX-15
  场景: 宁夏培训员面向持卡人按步骤演示各项功能 / A trainer of Ningxia shows functions step by step to holders
    假如 面向“持卡人”的课程涵盖“申领、激活、挂失、解挂、补领、换领、注销、密码重置、电子社会保障卡、动态码、乘车、就医购药、待遇资格认证、人社业务、图书借阅、社区食堂用餐、合作银行与金融功能、投诉”
    当 培训员在本地平台按步骤演示“电子社会保障卡、动态码、乘车”，每步按回车
    那么 每一步都先用中英文说明，再当场办成，并列出演示清单
