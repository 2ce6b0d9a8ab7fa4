"""The verbs of `onecard`, one file each, imported when they are called.

`onecard --help` needs only this table, in the order of a day's work; what a verb needs (a web
framework, a plotting library) is imported with the verb.
"""

from __future__ import annotations

VERBS: dict[str, tuple[str, str]] = {
    "doctor": (
        "检查本机：有什么、缺什么、如何补齐。",
        "Look at this machine: what is here, what is missing, the line that mends it.",
    ),
    "run": (
        "主任务：场景、一次仿真、一次压力测试，最后给出报告。",
        "The main job: scenarios, one simulation, one load test, the report.",
    ),
    "serve": (
        "运行卡平台（HTTP，仅限本机）；OpenAPI 位于 /openapi.json。",
        "Run the card platform (HTTP, this machine only); OpenAPI at /openapi.json.",
    ),
    "population": (
        "为平台导入虚构人口：每人一张在用的卡，可达百万。",
        "Fill a platform with made-up people, each with a card in use, by the million.",
    ),
    "books": (
        "核对总账：借贷平衡、各期结账与分录一致；指出第一处错误。",
        "Check the books: postings sum to zero, closings agree with entries; name the first fault.",
    ),
    "audit": (
        "核对审计链：改动、删除、插入、截去的记录；指出第一处错误。",
        "Check the audit: a record changed, removed, inserted or cut off; name the first fault.",
    ),
    "payouts": (
        "发放文件：读入并核对百万行、执行、导出状态文件、核对明细。",
        "Payout files: read and check a million lines, pay, write the status file, check.",
    ),
    "statements": (
        "对账：银行一日的文件（百万行），两个地区一日的清算单。",
        "Statements: files of a bank's day by the million lines, a day between two regions.",
    ),
    "accounts": (
        "工作人员账号：开设、列出、停用、重置密码。",
        "Staff accounts of a running platform: add, list, disable, reset-password.",
    ),
    "readers": (
        "虚拟 PC/SC 读卡器：启动、列出、停止。",
        "Virtual PC/SC readers: up, list, down.",
    ),
    "cards": (
        "虚拟卡：制卡、插入、取出、查看、收发 APDU；整批制作、检查、个人化。",
        "Virtual cards: issue, insert, remove, show, exchange APDUs; make, check, personalise "
        "whole batches.",
    ),
    "terminals": (
        "终端：闸机、公交车载机、医院、药店、柜台、自助终端、图书馆、食堂，在 PC/SC 读卡器上运行。",
        "Terminals at a PC/SC reader: gate, bus, hospital, pharmacy, counter, kiosk, library, "
        "canteen.",
    ),
    "scenarios": (
        "场景套件：列出、运行、步骤说法；课程、按步骤演示。",
        "Scenario suites: list, run, step phrases; lessons, shown step by step.",
    ),
    "clauses": (
        "法规条款：由哪些场景证明，上次结果如何。",
        "Clauses of the regulations: which scenarios show each, and the last result.",
    ),
    "sim": (
        "仿真：列出模型，运行模型，公布的规模数据。",
        "Simulation: list the models, run one; published figures.",
    ),
    "plan": (
        "规划：满足服务目标所需的最少资源，附 95% 置信区间。",
        "Planning: the least capacity that meets a service level, with 95 % confidence.",
    ),
    "calibrate": (
        "校准：把压力测试测得的时间变为仿真的服务时间。",
        "Calibration: measured times of a load test into service times of the simulation.",
    ),
    "load": (
        "压力测试；不指定主机时自带一个平台。",
        "A load test; without a host it starts a platform of its own.",
    ),
    "fraud": (
        "风险识别：生成带标注的虚构经历，衡量平台的识别。",
        "Detection: make labelled histories of made-up people, measure the platform's detection.",
    ),
    "report": (
        "报告。",
        "Reports.",
    ),
}
"""Verb: what it does, in Chinese and English; the module `testbed.verbs.VERB` declares it."""
