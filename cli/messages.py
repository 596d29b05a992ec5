"""Everything that the command says, in both languages. Sentences about a document come from the services."""

from __future__ import annotations

from cli.language import Words

ABOUT = Words(
    "读取、理解、校验部门决算公开文件，并把结果存入可检索的数据库。",
    "Read, understand and check Chinese departmental final accounts, and keep the results searchable.",
)
RUN = Words(
    "处理文件和文件夹：提取、识别、校验、入库。退出码：0 全部读取且无错误级问题；1 有错误级问题；2 有文件未能处理。",
    "Process files and folders: extract, normalize, validate, index. Exit status: 0 when everything was read and no "
    "error stands, 1 when errors stand, 2 when a file could not be processed.",
)
SHOW = Words("在终端显示一份文件的各表，并标出有问题的单元格。", "Show the tables of a file, offending cells marked.")
SEARCH = Words(
    "全文检索已入库的报告（部门、科目、说明、问题），两个字的词也能找到。",
    "Full-text search over what was indexed: departments, subjects, notes, findings.",
)
FACTS = Words("查询已入库的数据（事实）。", "Query the indexed facts.")
FINDINGS = Words("查询已入库的问题。", "Query the indexed findings.")
REPORTS = Words(
    "列出已入库的报告；--failed 列出未能处理的文件。", "List the indexed reports; --failed: the failed files."
)
EXPORT = Words("导出数据、问题和报告目录。", "Export facts, findings and the list of reports.")
VERSION = Words("显示版本。", "Show the version.")

# options
PATHS = Words("文件或文件夹（含子文件夹）。", "Files or folders (with everything below them).")
FILE = Words("要显示的文件。", "The file to show.")
OUT = Words("为每个文件写出 JSON 和 CSV 的文件夹。", "Folder for the JSON and CSV files of each input file.")
DB = Words(
    "数据库：SQLite 文件路径，或 postgresql:// 地址。默认为用户数据目录中的 juesuan.db。",
    "Database: path of an SQLite file, or a postgresql:// URL. Default: juesuan.db in the user's data folder.",
)
NO_DB = Words("不写入数据库。", "Do not index into the database.")
JOBS = Words("同时处理的文件数。默认为处理器数。", "Files processed at the same time. Default: number of processors.")
LANG = Words("语言：zh 或 en。默认取系统区域设置。", "Language: zh or en. Default: the locale.")
RUN_FORMAT = Words("text 给人看，json 给程序用（标准输出）。", "text for people, json for programs (on stdout).")
FORMAT = Words("table、csv 或 json。", "table, csv or json.")
LOG = Words("在标准错误输出逐行 JSON 日志，最低级别。", "Write JSON log lines of this level and above to stderr.")
TABLE = Words("只看一张表，如 T03。", "One table only, e.g. T03.")
WORDS = Words("检索词；多个词须同时出现。", "Words to find; all of them must occur.")
CODE = Words(
    "科目编码；末尾加 * 含所有下级，如 208*。", "Subject code; with a trailing * all codes below it, e.g. 208*."
)
YEAR = Words("决算年度。", "Fiscal year.")
DIVISION = Words("行政区划代码或其前几位，如 14、1411。", "Division code or its first digits, e.g. 14 or 1411.")
ENTITY = Words("部门名称的一部分。", "Part of the name of the department.")
MEASURE = Words("指标，如 total、basic、project。", "Measure, e.g. total, basic, project.")
MINIMUM = Words("金额下限（元，含）。", "Smallest amount in yuan, included.")
MAXIMUM = Words("金额上限（元，含）。", "Largest amount in yuan, included.")
SEVERITY = Words("级别。", "Severity.")
RULE = Words("规则编号，如 K09；K* 为一组。", "Rule, e.g. K09; K* is a family.")
LIMIT = Words(
    "最多多少行。默认：屏幕表格 200 行，检索 20 条，csv 和 json 不限。",
    "At most so many rows. Default: 200 in a table, 20 for search, all in csv and json.",
)
ALL_REVISIONS = Words("包括已被更正的旧版本。", "Corrected, older revisions too.")
FAILED_FILES = Words("列出被拒绝和失败的文件及原因。", "The refused and failed files, and why.")
EXPORT_FORMAT = Words("csv、parquet 或 xlsx。", "csv, parquet or xlsx.")
EXPORT_OUT = Words("写入的文件夹。", "Folder to write to.")

ERROR = Words("错误", "Error")

# run
NOT_THERE = Words("找不到“{path}”。", "There is no “{path}”.")
IS_FOLDER = Words("“{path}”是文件夹：show 只显示一份文件。", "“{path}” is a folder: show takes one file.")
NO_FILES = Words("没有可处理的文件：{paths}", "No files to process in {paths}")
OUT_IS_FILE = Words("“{path}”不是可写的文件夹：{reason}", "“{path}” is no folder to write to: {reason}")
READING = Words("读取", "Reading")
PROGRESS_FAILED = Words("失败 {count}", "{count} failed")
PROGRESS_RATE = Words("{rate:.1f} 份/秒", "{rate:.1f}/s")
INTERRUPTED = Words("已中断；已完成的文件已保存。", "Interrupted; what was finished is kept.")
FILES = Words("文件", "File")
WHOSE = Words("部门", "Department")
KIND = Words("类型", "Kind")
YEAR_HEAD = Words("年度", "Year")
TABLES = Words("表", "Tables")
FACTS_HEAD = Words("数据", "Facts")
ERRORS = Words("错误", "Errors")
WARNINGS = Words("警告", "Warn.")
REVIEWS = Words("复核", "Review")
ROUNDINGS = Words("舍入", "Round.")
OUTCOME = Words("结果", "Outcome")
NOT_PROCESSED = Words("未能处理的文件", "Files that could not be processed")
CAUSES = Words("错误的原因（最重要的在前）", "Causes of the errors, most important first")
SUSPECT = Words("可疑：", "Suspect: ")
SUGGESTS = Words("建议值 {value}：{reason}", "Suggested value {value}: {reason}")
FINDINGS_OF_CAUSE = Words("（涉及 {count} 个问题：{rules}）", " ({count} findings: {rules})")
TOTALS = Words(
    "{files} 份结果：{ok} 正常，{partial} 部分存疑，{refused} 非决算（拒收），{failed} 失败；{facts} 条数据，"
    "{errors} 个错误，{warnings} 个警告，{reviews} 个待复核，{roundings} 处舍入差。用时 {seconds:.1f} 秒。",
    "{files} results: {ok} ok, {partial} partial, {refused} refused, {failed} failed; {facts} facts, {errors} errors, "
    "{warnings} warnings, {reviews} to review, {roundings} rounding. {seconds:.1f} s.",
)
FILES_READ = Words("{read} 个文件，合为 {results} 份结果。", "{read} files make {results} results.")
INDEXED = Words("已入库：{database}", "Indexed in {database}")
WRITTEN = Words("结果文件：{folder}", "Results in {folder}")
UNKNOWN = Words("（未识别）", "(not recognised)")

KINDS = {
    "department_final_account": Words("部门决算", "dept."),
    "unit_final_account": Words("单位决算", "unit"),
    "budget": Words("预算", "budget"),
    "template": Words("空白模板", "template"),
    "other": Words("其他", "other"),
}
OUTCOMES = {
    "ok": Words("正常", "ok"),
    "partial": Words("部分存疑", "partial"),
    "refused": Words("拒收", "refused"),
    "failed": Words("失败", "failed"),
}
SEVERITIES = {
    "error": Words("错误", "error"),
    "warning": Words("警告", "warning"),
    "review": Words("复核", "review"),
    "info": Words("提示", "info"),
    "rounding": Words("舍入", "rounding"),
}

# show
NO_SUCH_TABLE = Words("没有表 {table}。该文件有：{tables}", "There is no table {table}. This file has: {tables}")
EMPTY_TABLE = Words("（空表）", "(no amounts)")
UNIT = Words("单位：{unit}", "Unit: {unit}")
PART = Words("（{number}/{count}）", "({number}/{count})")
NOTES = Words("问题", "Findings")
ELSEWHERE = Words("其他问题（无单元格）", "Findings without a cell")
ROUNDING_NOTE = Words("另有 {count} 处舍入差，未标出。", "{count} rounding residues are not marked.")
NO_FINDINGS = Words("未发现问题。", "No findings.")
COMMA = Words("、", ", ")
IN_PART = Words("{part}：{text}", "{part}: {text}")
SCANNED_PAGES = Words(
    "第 {pages} 页为扫描件，由文字识别（OCR）读取，请对照原件。",
    "Scanned, read by OCR, to be compared with the original: page {pages}.",
)
SCAN_DOUBTS = {
    "scanned_text": Words("其中 {count} 个单元格识别没有把握。", "Cells that OCR is not sure of: {count}."),
    "scanned_sum": Words(
        "其中 {count} 个单元格与表中合计关系不符。", "Cells that the sums of the form contradict: {count}."
    ),
}

# queries
NOTHING = Words("没有符合条件的记录。", "Nothing found.")
NO_DATABASE = Words(
    "数据库“{database}”还不存在：请先用 juesuan run 处理文件，或用 --db 指定。",
    "There is no database “{database}” yet: process files with `juesuan run` first, or name one with --db.",
)
MORE = Words("……只显示前 {limit} 行；用 --limit 看更多。", "... the first {limit} rows only; --limit shows more.")
EXPORTED = Words("已写出：{path}", "Written: {path}")
PAGE = Words("第 {page} 页", "page {page}")
COL_PAGE = Words("页", "Page")
COL_TABLE = Words("表", "Table")
COL_CODE = Words("编码", "Code")
COL_NAME = Words("项目", "Row")
COL_COLUMN = Words("栏目", "Column")
COL_AMOUNT = Words("金额", "Amount")
COL_UNIT = Words("单位", "Unit")
COL_RULE = Words("规则", "Rule")
COL_SEVERITY = Words("级别", "Severity")
COL_MESSAGE = Words("说明", "Message")
COL_DIVISION = Words("地区", "Division")
COL_REVISION = Words("版本", "Rev.")
COL_REASON = Words("原因", "Reason")
COL_HIT = Words("命中", "Hit")
BAD_NUMBER = Words("“{value}”不是数。", "“{value}” is no number.")
