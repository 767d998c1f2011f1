/** The tree the Handlebars parser answers, as far as we read it. */
export interface Place {
  start: { line: number; column: number };
  end: { line: number; column: number };
}

export interface ProgramNode {
  body: StatementNode[];
  blockParams?: string[];
}

export type StatementNode =
  | { type: 'ContentStatement'; loc: Place; value: string }
  | { type: 'CommentStatement'; loc: Place }
  | MustacheNode
  | BlockNode
  | { type: RefusedType; loc: Place };

/** Parts of Handlebars that are not part of the flow language. */
export type RefusedType = 'PartialStatement' | 'PartialBlockStatement' | 'Decorator' | 'DecoratorBlock';

export interface MustacheNode extends CallNode {
  type: 'MustacheStatement';
}

export interface BlockNode extends CallNode {
  type: 'BlockStatement';
  /** Absent in `{{^if x}}…{{/if}}`. */
  program?: ProgramNode;
  inverse?: ProgramNode;
}

export interface CallNode {
  loc: Place;
  path: ExpressionNode;
  params: ExpressionNode[];
  hash?: { pairs: { key: string; value: ExpressionNode; loc: Place }[] };
}

export interface SubExpressionNode extends CallNode {
  type: 'SubExpression';
}

export interface PathNode {
  type: 'PathExpression';
  loc: Place;
  /** `@index` and the like. */
  data: boolean;
  /** How many `../` stand before it. */
  depth: number;
  parts: string[];
  original: string;
}

export type LiteralNode =
  | { type: 'StringLiteral'; loc: Place; value: string }
  | { type: 'NumberLiteral'; loc: Place; value: number }
  | { type: 'BooleanLiteral'; loc: Place; value: boolean }
  | { type: 'NullLiteral'; loc: Place }
  | { type: 'UndefinedLiteral'; loc: Place };

export type ExpressionNode = PathNode | SubExpressionNode | LiteralNode;
