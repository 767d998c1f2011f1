import { DECLARED_ANSWERS, type DeclaredAnswer } from './declared-answers.ts';
import type { Recipe } from './recipe.ts';
import { ROUTE_RECIPES } from './route-recipes.ts';
import { buildRouterRecipes } from './router-recipes.ts';

/** An answer and how it is provoked. */
export interface AnswerCase extends DeclaredAnswer {
  recipe: Recipe;
}

/** Every declared answer with its recipe. Throws where a row declares an answer and no recipe provokes it. */
export function listAnswerCases(): AnswerCase[] {
  const cases = DECLARED_ANSWERS.map((answer) => ({ ...answer, recipe: findRecipe(answer) }));
  // Without the recipe of a success a row has none of the shared ones either.
  const rows = cases.filter(({ status, recipe }) => status < 400 && recipe === undefined);
  const isWhole = ({ route, status }: DeclaredAnswer) => status < 400 || rows.every((each) => each.route !== route);
  const missing = cases
    .filter((each) => each.recipe === undefined && isWhole(each))
    .map(({ route, name }) => `${route.name} ${name}`);
  if (missing.length > 0)
    throw new Error(`answers without a recipe in test/contract/route-recipes.ts: ${missing.join(', ')}`);
  return cases.flatMap(({ recipe, ...answer }) => (recipe ? [{ ...answer, recipe }] : []));
}

function findRecipe({ route, name }: DeclaredAnswer): Recipe | undefined {
  const own = ROUTE_RECIPES[route.name] ?? {};
  const success = Object.keys(route.answers).find((status) => Number(status) < 400);
  const base = own[success ?? ''];
  if (own[name] || !base || route.isIngest) return own[name];
  const shared: Readonly<Record<string, Recipe>> = buildRouterRecipes(route, base);
  return shared[name];
}

/** Recipes of answers that no row declares: they test nothing. */
export function listUselessRecipes(): string[] {
  const declared = new Set(DECLARED_ANSWERS.map(({ route, name }) => `${route.name} ${name}`));
  return Object.entries(ROUTE_RECIPES).flatMap(([routeName, recipes]) =>
    Object.keys(recipes)
      .map((name) => `${routeName} ${name}`)
      .filter((each) => !declared.has(each)),
  );
}
