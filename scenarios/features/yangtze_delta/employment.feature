# language: zh-CN
# 每一步的英文说法与中文并列写在 scenarios/steps 中，运行 onecard scenarios steps 可列出。
# The English phrase of each step stands beside the Chinese in scenarios/steps: onecard scenarios steps.
@region-SH
功能: 人社业务 / Employment and social insurance

  @YD-10
  场景: 上海卡在江苏办理人社业务，上海决定 / business for a card of Shanghai in Jiangsu, decided by Shanghai
    假如 “江苏”平台与本地平台已互联
    而且 居民“甲”持有已激活的社会保障卡
    当 居民“甲”在“江苏”网点持卡办理“社会保险参保登记”
    而且 人社部门“办结”该业务
    那么 该业务“已办结”
    而且 告知的参保险种共5项
    当 居民“甲”在“江苏”网点持卡办理“社会保险参保缴费记录查询”
    那么 该业务“已办结”
    而且 告知的参保险种共5项
    当 居民“甲”在“江苏”网点持卡办理“劳动合同网签备案”
    那么 平台拒绝，理由是“不在通办清单内”

  @YD-10
  场景: 上海卡在浙江办理人社业务，上海决定 / business for a card of Shanghai in Zhejiang, decided by Shanghai
    假如 “浙江”平台与本地平台已互联
    而且 居民“甲”持有已激活的社会保障卡
    当 居民“甲”在“浙江”网点持卡办理“社会保险参保登记”
    而且 人社部门“办结”该业务
    那么 该业务“已办结”
    而且 告知的参保险种共5项
    当 居民“甲”在“浙江”网点持卡办理“社会保险参保缴费记录查询”
    那么 该业务“已办结”
    而且 告知的参保险种共5项
    当 居民“甲”在“浙江”网点持卡办理“劳动合同网签备案”
    那么 平台拒绝，理由是“不在通办清单内”

  @YD-10
  场景: 上海卡在安徽办理人社业务，上海决定 / business for a card of Shanghai in Anhui, decided by Shanghai
    假如 “安徽”平台与本地平台已互联
    而且 居民“甲”持有已激活的社会保障卡
    当 居民“甲”在“安徽”网点持卡办理“社会保险参保登记”
    而且 人社部门“办结”该业务
    那么 该业务“已办结”
    而且 告知的参保险种共5项
    当 居民“甲”在“安徽”网点持卡办理“社会保险参保缴费记录查询”
    那么 该业务“已办结”
    而且 告知的参保险种共5项
    当 居民“甲”在“安徽”网点持卡办理“劳动合同网签备案”
    那么 平台拒绝，理由是“不在通办清单内”
