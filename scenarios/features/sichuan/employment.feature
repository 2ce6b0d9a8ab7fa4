# language: zh-CN
# 每一步的英文说法与中文并列写在 scenarios/steps 中，运行 onecard scenarios steps 可列出。
# The English phrase of each step stands beside the Chinese in scenarios/steps: onecard scenarios steps.
@region-SC
功能: 人社业务 / Employment and social insurance

  @CQ-7c
  场景: 四川卡在重庆办理人社业务，四川决定 / business for a card of Sichuan in Chongqing, decided by Sichuan
    假如 “重庆”平台与本地平台已互联
    而且 居民“甲”持有已激活的社会保障卡
    当 居民“甲”在“重庆”网点持卡办理“社会保险参保登记”
    而且 人社部门“办结”该业务
    那么 该业务“已办结”
    而且 告知的参保险种共5项
    当 居民“甲”在“重庆”网点持卡办理“社会保险参保缴费记录查询”
    那么 该业务“已办结”
    而且 告知的参保险种共5项
    当 居民“甲”在“重庆”网点持卡办理“劳动合同网签备案”
    那么 平台拒绝，理由是“不在通办清单内”
